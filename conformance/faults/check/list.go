package check

import (
	"fmt"
	"time"

	"ark.ai/apiserver/conformance/faults/record"
)

// checkLists wants every list to be the state at its revision, and that to be as new as was asked
// for.
func (l *log) checkLists(operations []record.Operation, known knowledge) []Violation {
	var violations []Violation
	complete := l.completeTo()
	for _, o := range operations {
		if o.Verb != record.List || o.Outcome != record.Done {
			continue
		}
		found := func(format string, args ...any) {
			violations = append(violations, Violation{Listing, o.Return, "", o.Revision, fmt.Sprintf(format, args...) + ": " + o.String()})
		}
		newest := known.before(o.Call)
		switch {
		case o.Expected < 0 && o.Revision < newest:
			found("a consistent list is of revision %d, though %d was known before", o.Revision, newest)
		case o.Match == "Exact" && o.Revision != o.Expected:
			found("it is of another revision than was asked for")
		case o.Expected > 0 && o.Revision < o.Expected:
			found("it is older than was asked for")
		}
		if o.Revision <= complete && o.Revision >= l.start {
			violations = append(violations, l.checkState(o.Items, o.Revision, o.Return, Listing, o.String())...)
		}
	}
	return violations
}

// checkLostLists wants no list of a revision that was lost.
func (l *log) checkLostLists(operations []record.Operation, lost span) []Violation {
	var violations []Violation
	for _, o := range operations {
		if o.Verb == record.List && o.Outcome == record.Done && lost.after < o.Revision && o.Revision <= lost.through {
			violations = append(violations, Violation{Listing, o.Return, "", o.Revision,
				fmt.Sprintf("the database went back from revision %d to %d: %s", lost.through, lost.after, o)})
		}
	}
	return violations
}

// checkState wants items to be all that there is at a revision.
func (l *log) checkState(items []record.Item, revision int64, at time.Duration, kind Kind, source string) []Violation {
	var violations []Violation
	state := l.state(revision)
	for _, item := range items {
		c, ok := state[item.Key]
		if !ok || c.value != item.Value || c.revision != item.Revision {
			violations = append(violations, Violation{kind, at, item.Key, item.Revision,
				fmt.Sprintf("it shows %s = %s of revision %d; what there is at %d: %s: %s", item.Key, item.Value, item.Revision, revision, orNothing(c), source)})
		}
		delete(state, item.Key)
	}
	for _, c := range state {
		violations = append(violations, Violation{kind, at, c.key, c.revision, fmt.Sprintf("it lacks %s: %s", c, source)})
	}
	return violations
}

func orNothing(c change) string {
	if c.key == "" {
		return "nothing"
	}
	return c.String()
}
