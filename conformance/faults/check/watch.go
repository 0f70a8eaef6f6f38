package check

import (
	"fmt"

	"ark.ai/apiserver/conformance/faults/record"
)

// checkWatches wants every watch to show what the log has.
func (l *log) checkWatches(watches []record.Watch) []Violation {
	var violations []Violation
	for _, w := range watches {
		violations = append(violations, l.checkWatch(w)...)
	}
	return violations
}

func (l *log) checkWatch(w record.Watch) []Violation {
	var violations []Violation
	found := func(e record.Event, key string, revision int64, format string, args ...any) {
		violations = append(violations, Violation{Watching, e.At, key, revision, fmt.Sprintf(format, args...) + ": " + w.String()})
	}
	after, through := extent(w)
	if through < w.Until {
		violations = append(violations, Violation{Watching, w.End, "", w.Until,
			fmt.Sprintf("it got to revision %d and no further, though it had the time to get to %d: %s", through, w.Until, w)})
	}
	expected := l.between(after, through)
	seen := after
	var initial []record.Item
	for _, e := range w.Events {
		switch {
		case e.Type == record.Initial:
			initial = append(initial, record.Item{Key: e.Key, Value: e.Value, Revision: e.Revision})
			continue
		case e.Type == record.Began:
			if e.Revision <= l.completeTo() && e.Revision >= l.start {
				violations = append(violations, l.checkState(initial, e.Revision, e.At, Watching, "initial events of "+w.String())...)
			}
			continue
		case e.Revision < seen || e.Revision == seen && e.Changes():
			found(e, e.Key, e.Revision, "%s comes after revision %d, again or out of order", e, seen)
			continue
		}
		seen = e.Revision
		for len(expected) > 0 && (expected[0].revision < e.Revision || expected[0].revision == e.Revision && !e.Changes()) {
			found(e, expected[0].key, expected[0].revision, "%s is missing before %s", expected[0], e)
			expected = expected[1:]
		}
		if len(expected) > 0 && expected[0].revision == e.Revision {
			expected = expected[1:]
		}
	}
	return violations
}
