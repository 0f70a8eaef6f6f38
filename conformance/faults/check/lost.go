package check

import (
	"fmt"

	"ark.ai/apiserver/conformance/faults/record"
)

// checkLost wants everything that was acknowledged to be in the lists and the watches that were
// made for that, at the end at least.
func (l *log) checkLost(operations []record.Operation, watches []record.Watch) []Violation {
	acknowledged := map[string]record.Operation{}
	for _, o := range operations {
		if o.Value != "" && o.Outcome == record.Done {
			acknowledged[o.Value] = o
		}
	}
	lost := map[string]string{} // why, by value
	for _, w := range watches {
		if !w.Final {
			continue
		}
		shown := map[int64]bool{}
		for _, e := range w.Events {
			if e.Changes() {
				shown[e.Revision] = true
			}
		}
		after, through := extent(w)
		for value, o := range acknowledged {
			if o.Revision > after && o.Revision <= through && !shown[o.Revision] {
				lost[value] = "the watch from the beginning does not have it"
			}
		}
	}
	for _, o := range operations {
		if !o.Final || o.Outcome != record.Done {
			continue
		}
		shown := map[string]string{}
		for _, item := range o.Items {
			shown[item.Key] = item.Value
		}
		for key, c := range l.state(o.Revision) {
			if _, ok := acknowledged[c.value]; ok && shown[key] != c.value {
				lost[c.value] = fmt.Sprintf("the list after it, of revision %d, has %q instead", o.Revision, shown[key])
			}
		}
		for value, w := range acknowledged {
			if w.Revision > o.Revision && w.Return < o.Call {
				lost[value] = fmt.Sprintf("the list after it is only of revision %d", o.Revision)
			}
		}
	}
	var violations []Violation
	for value, why := range lost {
		o := acknowledged[value]
		violations = append(violations, Violation{Lost, o.Return, o.Key, o.Revision, fmt.Sprintf("%s: %s", why, o)})
	}
	return violations
}
