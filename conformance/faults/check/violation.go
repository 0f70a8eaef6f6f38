package check

import (
	"fmt"
	"time"
)

// Kind of a violation.
type Kind string

const (
	// Lost is a write that was acknowledged and is not there at the end.
	Lost Kind = "lost acknowledged write"
	// Linearizability is a key whose answers no order explains.
	Linearizability Kind = "not linearizable"
	// Order is a revision that is not above what was known when the request was made.
	Order Kind = "revision out of order"
	// Contradiction is a revision that is two things, or a value that nobody wrote.
	Contradiction Kind = "contradiction"
	// Precondition is a write that went through although its precondition did not hold.
	Precondition Kind = "precondition ignored"
	// Listing is a list that is not the state at its revision, or older than was asked for.
	Listing Kind = "wrong list"
	// Watching is a change that a watch left out, repeated or changed, or a bookmark that was
	// ahead.
	Watching Kind = "watch anomaly"
	// Healing is a fault that was over and still had effects.
	Healing Kind = "not healed"
	// Undecided is a key whose check took too long.
	Undecided Kind = "undecided"
)

// Violation is something that must not be.
type Violation struct {
	Kind Kind `json:"kind"`
	// At is when it could be seen.
	At       time.Duration `json:"at"`
	Key      string        `json:"key,omitempty"`
	Revision int64         `json:"revision,omitempty"`
	Text     string        `json:"text"`
}

// String is a line.
func (v Violation) String() string {
	return fmt.Sprintf("%s, %.3fs: %s", v.Kind, v.At.Seconds(), v.Text)
}
