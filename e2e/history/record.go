// Package history compares what a writer did to objects with what watches have shown of them.
package history

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/watch"
)

// Step is something that was done to an object.
type Step struct {
	Event watch.EventType
	// Version of the object after it. It may be empty in a Record: the answer to a deletion does
	// not have it.
	Version string
}

// Record is the life of an object, all of whose steps come from one writer. That stops at the first
// failure.
type Record struct {
	// Steps are those that the server has acknowledged.
	Steps []Step
	// Failed is the event of a step whose outcome nobody knows, if there was one.
	Failed watch.EventType
}

// Difference tells what is wrong with what a watch has shown of the object: each acknowledged step
// has to be there once, in order, and nothing else. Empty if nothing is wrong.
func (r Record) Difference(shown []Step) string {
	done := len(r.Steps)
	switch complete := len(shown) >= done && slices.EqualFunc(shown[:done], r.Steps, same); {
	case complete && len(shown) == done:
		return ""
	// A step that failed may have been done all the same, once.
	case complete && len(shown) == done+1 && r.Failed != "" && shown[done].Event == r.Failed:
		return ""
	}
	return fmt.Sprintf("written %v, failed %q, watched %v", r.Steps, r.Failed, shown)
}

func same(shown, written Step) bool {
	return shown.Event == written.Event && (written.Version == "" || shown.Version == written.Version)
}
