package record

import (
	"fmt"
	"time"
)

// Type of an event.
type Type string

// The types of events. Initial is an object of the state that a watch begins with, and Began the
// bookmark after these.
const (
	Added    Type = "added"
	Modified Type = "modified"
	Deleted  Type = "deleted"
	Bookmark Type = "bookmark"
	Initial  Type = "initial"
	Began    Type = "began"
)

// Watch is what one request for events has shown.
type Watch struct {
	Client int `json:"client"`
	Server int `json:"server"`
	// From is the revision after which events are wanted. With Initial it is 0.
	From int64 `json:"from"`
	// Initial asks for the state first.
	Initial bool          `json:"initial,omitempty"`
	Begin   time.Duration `json:"begin"`
	End     time.Duration `json:"end"`
	Events  []Event       `json:"events"`
	// Code is the status that refused or ended it, such as 410; 0 if it was the client that had
	// enough, or the connection that broke.
	Code int    `json:"code,omitempty"`
	Text string `json:"text,omitempty"`
	// Until is the revision that it had all the time it needs to get to, 0 if it was ended before.
	Until int64 `json:"until,omitempty"`
	// Final marks a watch from the beginning that is to have all that was acknowledged.
	Final bool `json:"final,omitempty"`
}

// Event is one of them.
type Event struct {
	At       time.Duration `json:"at"`
	Type     Type          `json:"type"`
	Key      string        `json:"key,omitempty"`
	Value    string        `json:"value,omitempty"`
	Revision int64         `json:"revision"`
}

// Changes reports whether it is news of a change.
func (e Event) Changes() bool { return e.Type == Added || e.Type == Modified || e.Type == Deleted }

// String is a line of an account.
func (e Event) String() string {
	return fmt.Sprintf("%s %s %s %s at %d", seconds(e.At), e.Type, e.Key, e.Value, e.Revision)
}

// String names the watch in an account.
func (w Watch) String() string {
	return fmt.Sprintf("watch of client %d, server %d, from %d, %s–%s", w.Client, w.Server, w.From, seconds(w.Begin), seconds(w.End))
}
