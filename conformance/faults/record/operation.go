package record

import (
	"fmt"
	"strings"
	"time"
)

// Verb is what a request asks for.
type Verb string

// The requests. A patch changes an object whatever its version is; an update may name the version
// that it replaces.
const (
	Create Verb = "create"
	Update Verb = "update"
	Patch  Verb = "patch"
	Delete Verb = "delete"
	Get    Verb = "get"
	List   Verb = "list"
)

// Outcome is what a client knows of its request afterwards.
type Outcome string

const (
	// Done is an answer of success.
	Done Outcome = "done"
	// Refused is an answer that says that nothing was done, such as 404 or 409.
	Refused Outcome = "refused"
	// Unknown is no answer, or one of a server that does not know: a write may have been, or may
	// yet be, done.
	Unknown Outcome = "unknown"
)

// Operation is a request and its answer.
type Operation struct {
	Client int  `json:"client"`
	Server int  `json:"server"`
	Verb   Verb `json:"verb"`
	// Key is the object's name; none in a list.
	Key string `json:"key,omitempty"`
	// Value is what a write puts there. No other write of the campaign has the same.
	Value string `json:"value,omitempty"`
	// Expected is the revision that an update or a deletion wants to find, 0 if any will do. For a
	// list it is the resourceVersion that was asked for, -1 if there was none.
	Expected int64 `json:"expected,omitempty"`
	// Match is a list's resourceVersionMatch.
	Match string `json:"match,omitempty"`
	// Pages is how many requests a list took.
	Pages int `json:"pages,omitempty"`

	Call    time.Duration `json:"call"`
	Return  time.Duration `json:"return"`
	Outcome Outcome       `json:"outcome"`
	// Code is the status of the answer, 0 if there was none.
	Code int `json:"code,omitempty"`
	// Text is the answer's message, or why there was none.
	Text string `json:"text,omitempty"`
	// Revision that the answer has: that of the object, or of the list.
	Revision int64 `json:"revision,omitempty"`
	// Found is the value that a read found.
	Found string `json:"found,omitempty"`
	// Items of a list.
	Items []Item `json:"items,omitempty"`
	// Final marks a list that is to have all that was acknowledged before.
	Final bool `json:"final,omitempty"`
}

// Item is an object in a list.
type Item struct {
	Key      string `json:"key"`
	Value    string `json:"value"`
	Revision int64  `json:"revision"`
}

// Writes reports whether the request is to change something.
func (o Operation) Writes() bool { return o.Verb != Get && o.Verb != List }

// Known are the versions of objects that the answer shows.
func (o Operation) Known() []Item {
	switch {
	case o.Outcome != Done || o.Verb == Delete:
		return nil
	case o.Verb == List:
		return o.Items
	case o.Verb == Get:
		return []Item{{o.Key, o.Found, o.Revision}}
	}
	return []Item{{o.Key, o.Value, o.Revision}}
}

// String is a line of an account.
func (o Operation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s–%s client %d, server %d: %s %s", seconds(o.Call), seconds(o.Return), o.Client, o.Server, o.Verb, o.Key)
	if o.Value != "" {
		fmt.Fprintf(&b, " = %s", o.Value)
	}
	switch {
	case o.Verb == List && o.Expected >= 0:
		fmt.Fprintf(&b, "at %d %s", o.Expected, o.Match)
	case o.Expected > 0:
		fmt.Fprintf(&b, " if at %d", o.Expected)
	}
	fmt.Fprintf(&b, " → %s", o.Outcome)
	if o.Code != 0 {
		fmt.Fprintf(&b, " %d", o.Code)
	}
	if o.Found != "" {
		fmt.Fprintf(&b, " %s", o.Found)
	}
	if o.Revision != 0 {
		fmt.Fprintf(&b, " at %d", o.Revision)
	}
	if o.Verb == List && o.Outcome == Done {
		fmt.Fprintf(&b, ", %d items", len(o.Items))
	}
	if o.Text != "" {
		fmt.Fprintf(&b, " (%s)", o.Text)
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.4fs", d.Seconds()) }
