package check

import (
	"fmt"
	"math"
	"slices"

	"ark.ai/apiserver/conformance/faults/record"
)

// era is a history up to a moment at which the database went back, or from there on, or all of it.
type era struct {
	// initial is what there was of each key when it began.
	initial []change
	// start is the revision after which watches show everything, and state what there was at it.
	start int64
	state []change
	// handed is the newest revision that was handed out before, and must not be used again. What
	// came after the safe one is lost.
	handed moment
	lost   span

	operations []record.Operation
	watches    []record.Watch
	// later is what was there at its end, as others have seen afterwards.
	later []change
	// found is what was wrong at its beginning.
	found []Violation
	// last is set if none follows.
	last bool
}

// eras cuts a history where the database went back. What came after the safe revision has never
// happened then, and nobody may be shown a mixture of before and after.
func eras(h *record.History) []era {
	current := era{start: h.Campaign.Start, operations: h.Operations, watches: h.Watches}
	var all []era
	for _, f := range h.Faults {
		if f.Safe > 0 {
			older, newer := current.cut(f)
			all, current = append(all, older), newer
		}
	}
	current.last = true
	return append(all, current)
}

// cut splits an era at a fault. Until that has healed, servers need not have noticed: reads may
// show either side.
func (e era) cut(f record.Fault) (older, newer era) {
	older, newer = e, era{}
	older.operations, older.watches = nil, nil
	for _, o := range e.operations {
		switch {
		case o.Return < f.Cut:
			older.operations = append(older.operations, o)
		case o.Writes() && o.Call < f.Cut:
			// Either side may have done it.
			o.Outcome = record.Unknown
			older.operations = append(older.operations, o)
			newer.operations = append(newer.operations, o)
		case o.Call > f.Healed || o.Writes() && o.Outcome != record.Refused:
			newer.operations = append(newer.operations, o)
		}
	}
	newer.handed = moment{f.Cut, e.handed.revision}
	for _, m := range newKnowledge(e.operations, e.watches) {
		if m.at < f.Cut {
			newer.handed.revision = m.revision
		}
	}
	newer.lost = span{f.Safe, newer.handed.revision}
	committed := e.committed(f, newer.handed.revision)
	for _, w := range e.watches {
		before, after, mixed := cutWatch(w, f, committed)
		older.watches = append(older.watches, before...)
		newer.watches = append(newer.watches, after...)
		newer.found = append(newer.found, mixed...)
	}
	older.later = e.shown(f.Safe)
	l, _ := newLog(older)
	for _, c := range l.state(f.Safe) {
		newer.initial = append(newer.initial, c)
		newer.operations = append(newer.operations, unseenDeletions(older.operations, c)...)
	}
	newer.anchor()
	return older, newer
}

// committed is the newest revision before the database went back, at least handed. Some are only
// told by what was on its way to clients, of which some read slowly. From there revisions go on far
// above.
func (e era) committed(f record.Fault, handed int64) int64 {
	revisions, next := []int64{handed}, int64(math.MaxInt64)
	for _, o := range e.operations {
		switch {
		case o.Call > f.Healed && o.Revision > handed:
			next = min(next, o.Revision)
		case o.Return >= f.Cut:
			revisions = append(revisions, o.Revision)
		}
	}
	for _, w := range e.watches {
		for _, e := range w.Events {
			if w.Begin <= f.Healed && f.Cut <= e.At {
				revisions = append(revisions, e.Revision)
			}
		}
	}
	if next < math.MaxInt64 {
		revisions = append(revisions, next)
	}
	slices.Sort(revisions)
	at, gap := handed, int64(0)
	for i, revision := range revisions[1:] {
		if before := revisions[i]; handed <= before && gap < revision-before {
			at, gap = before, revision-before
		}
	}
	return at
}

// shown are the changes up to a revision that lists and watches begin with.
func (e era) shown(revision int64) []change {
	var shown []change
	for _, o := range e.operations {
		for _, item := range o.Known() {
			if item.Revision <= revision {
				shown = append(shown, change{item.Revision, item.Key, item.Value, false, o.Return, o.String()})
			}
		}
	}
	for _, w := range e.watches {
		for _, e := range w.Events {
			if e.Type == record.Initial && e.Key != "" && e.Revision <= revision {
				shown = append(shown, change{e.Revision, e.Key, e.Value, false, e.At, w.String()})
			}
		}
	}
	return shown
}

// unseenDeletions are those that may have come after a change, though no watch has shown them:
// nobody else tells their revision. What follows decides whether they did.
func unseenDeletions(operations []record.Operation, c change) []record.Operation {
	var unseen []record.Operation
	for _, o := range operations {
		if o.Verb == record.Delete && o.Key == c.key && o.Outcome != record.Refused && o.Return > c.at {
			o.Outcome = record.Unknown
			unseen = append(unseen, o)
		}
	}
	return unseen
}

// cutWatch splits a watch. If it has seen what was lost it may not go on, but with more of that,
// which was on its way.
func cutWatch(w record.Watch, f record.Fault, committed int64) (older, newer []record.Watch, mixed []Violation) {
	if w.End < f.Cut {
		return []record.Watch{w}, nil, nil
	}
	late := func(e record.Event) bool { return e.At >= f.Cut && (w.Begin > f.Healed || e.Revision > committed) }
	before, after := w, w
	before.Events, after.Events, before.Until = nil, nil, 0
	seen := w.From
	for _, e := range w.Events {
		if late(e) {
			after.Events = append(after.Events, e)
			continue
		}
		before.Events = append(before.Events, e)
		before.End = max(min(w.End, f.Healed), e.At)
		seen = max(seen, e.Revision)
	}
	if w.Begin < f.Cut {
		if len(before.Events) == 0 {
			before.End = min(w.End, f.Healed)
		}
		older = []record.Watch{before}
		after.From, after.Initial = seen, false
	}
	switch {
	case w.Initial && w.Begin >= f.Cut && w.Begin <= f.Healed:
		return older, nil, nil
	case seen <= f.Safe || seen > committed || len(after.Events) == 0 && w.Until > 0:
		return older, []record.Watch{after}, nil
	case len(after.Events) > 0:
		e := after.Events[0]
		return older, nil, []Violation{{Watching, e.At, e.Key, e.Revision,
			fmt.Sprintf("it goes on with %s, though it had seen revision %d and the database went back to %d: %s", e, seen, f.Safe, w)}}
	}
	return older, nil, nil
}

// anchor has the era start with a list from which on watches show everything.
func (e *era) anchor() {
	e.start = e.handed.revision
	at := slices.IndexFunc(e.operations, func(o record.Operation) bool {
		return o.Verb == record.List && o.Expected < 0 && o.Outcome == record.Done && slices.ContainsFunc(e.watches, func(w record.Watch) bool {
			after, through := extent(w)
			return after <= o.Revision && o.Revision < through
		})
	})
	if at < 0 {
		return
	}
	list := e.operations[at]
	e.start = list.Revision
	shown := map[string]record.Item{}
	for _, item := range list.Items {
		shown[item.Key] = item
		e.state = append(e.state, change{item.Revision, item.Key, item.Value, false, list.Return, list.String()})
	}
	for _, c := range e.initial {
		written := slices.ContainsFunc(e.operations, func(o record.Operation) bool { return o.Key == c.key && o.Writes() })
		if item := shown[c.key]; !written && item.Value != c.value {
			e.found = append(e.found, Violation{Lost, list.Return, c.key, c.revision, fmt.Sprintf("%s was safe, and it shows %q: %s", c, item.Value, list)})
		}
	}
}

// judge is all that is wrong with an era.
func (e era) judge() []Violation {
	l, violations := newLog(e)
	known := newKnowledge(e.operations, e.watches, e.handed)
	if e.last {
		violations = append(violations, l.checkCoverage()...)
	}
	return slices.Concat(e.found, violations,
		l.checkChains(e.operations, e.watches),
		l.checkOrder(e.operations, known),
		l.checkLists(e.operations, known),
		l.checkLostLists(e.operations, e.lost),
		l.checkWatches(e.watches),
		l.checkLost(e.operations, e.watches),
		l.checkLinearizable(e.operations),
	)
}

// Forfeited are the writes that were acknowledged and that the database had lost when it went back:
// as many as its kind of replication, or the age of a backup, allows.
func Forfeited(h *record.History) []record.Operation {
	var lost []record.Operation
	for _, f := range h.Faults {
		if f.Loses {
			lost = append(lost, lacking(h, f)...)
		}
	}
	return lost
}

// lacking are the writes that were acknowledged before a fault, and are not there after it.
func lacking(h *record.History, f record.Fault) []record.Operation {
	var lost []record.Operation
	for _, o := range h.Operations {
		if f.Safe > 0 && o.Writes() && o.Outcome == record.Done && o.Return < f.Cut && o.Revision > f.Safe {
			lost = append(lost, o)
		}
	}
	return lost
}
