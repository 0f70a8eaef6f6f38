package check

import (
	"fmt"

	"ark.ai/apiserver/conformance/faults/record"
)

// checkChains wants every change to be what somebody asked for, and to follow from the one before.
func (l *log) checkChains(operations []record.Operation, watches []record.Watch) []Violation {
	var violations []Violation
	complete := l.completeTo()
	writes := map[string]record.Operation{}
	for _, o := range operations {
		if o.Value != "" {
			writes[o.Value] = o
		}
	}
	for _, c := range l.changes {
		if c.revision <= l.start || c.revision > complete {
			continue
		}
		found := func(kind Kind, format string, args ...any) {
			violations = append(violations, Violation{kind, c.at, c.key, c.revision, fmt.Sprintf("%s: %s", c, fmt.Sprintf(format, args...))})
		}
		previous, ok := l.before(c.key, c.revision)
		exists := ok && !previous.deleted
		if c.deleted {
			switch {
			case !exists:
				found(Contradiction, "it did not exist")
			case previous.value != c.value:
				found(Watching, "its last state was %s", previous)
			}
			continue
		}
		o, asked := writes[c.value]
		switch {
		case !asked || o.Key != c.key:
			found(Contradiction, "nobody wrote that")
		case o.Outcome == record.Refused:
			found(Contradiction, "the write was refused: %s", o)
		case o.Outcome == record.Done && o.Revision != c.revision:
			found(Contradiction, "the write was acknowledged with another revision: %s", o)
		case o.Verb == record.Create && exists:
			found(Precondition, "it was created, but was there: %s", previous)
		case o.Verb != record.Create && !exists:
			found(Precondition, "it was changed, but was not there: %s", o)
		case o.Verb == record.Update && o.Expected > 0 && previous.revision != o.Expected:
			found(Precondition, "it was to replace revision %d, but replaced %d: %s", o.Expected, previous.revision, o)
		}
	}
	for _, w := range watches {
		for _, e := range w.Events {
			if e.Revision <= l.start || e.Revision > complete || e.Type != record.Added && e.Type != record.Modified {
				continue
			}
			previous, ok := l.before(e.Key, e.Revision)
			if exists := ok && !previous.deleted; exists != (e.Type == record.Modified) {
				violations = append(violations, Violation{Watching, e.At, e.Key, e.Revision,
					fmt.Sprintf("%s, but before that there was %s: %s", e, previous, w)})
			}
		}
	}
	return violations
}
