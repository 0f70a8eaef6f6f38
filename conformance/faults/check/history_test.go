package check_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/conformance/faults/check"
	"ark.ai/apiserver/conformance/faults/record"
)

// at is a moment: tests count in whole seconds.
func at(second int) time.Duration { return time.Duration(second) * time.Second }

// done is a write that took place from one second to another.
func done(verb record.Verb, key, value string, call, end int, revision int64) record.Operation {
	return record.Operation{Verb: verb, Key: key, Value: value, Call: at(call), Return: at(end), Outcome: record.Done, Code: 200, Revision: revision}
}

func expecting(o record.Operation, revision int64) record.Operation {
	o.Expected = revision
	return o
}

func refused(o record.Operation, code int) record.Operation {
	o.Outcome, o.Code, o.Revision = record.Refused, code, 0
	return o
}

func unknown(o record.Operation) record.Operation {
	o.Outcome, o.Code, o.Revision = record.Unknown, 0, 0
	return o
}

func got(key, value string, call, end int, revision int64) record.Operation {
	return record.Operation{Verb: record.Get, Key: key, Found: value, Call: at(call), Return: at(end), Outcome: record.Done, Code: 200, Revision: revision}
}

func missing(key string, call, end int) record.Operation {
	return record.Operation{Verb: record.Get, Key: key, Call: at(call), Return: at(end), Outcome: record.Refused, Code: 404}
}

func listed(call, end int, revision int64, items ...record.Item) record.Operation {
	return record.Operation{Verb: record.List, Expected: -1, Call: at(call), Return: at(end), Outcome: record.Done, Code: 200, Revision: revision, Items: items}
}

func item(key, value string, revision int64) record.Item {
	return record.Item{Key: key, Value: value, Revision: revision}
}

func event(second int, kind record.Type, key, value string, revision int64) record.Event {
	return record.Event{At: at(second), Type: kind, Key: key, Value: value, Revision: revision}
}

func bookmark(second int, revision int64) record.Event {
	return record.Event{At: at(second), Type: record.Bookmark, Revision: revision}
}

func watched(from int64, events ...record.Event) record.Watch {
	return record.Watch{From: from, Begin: 0, End: at(100), Events: events}
}

// good is a history without fault: a is created, changed and deleted, b created by a client that
// got no answer.
func good() *record.History {
	return &record.History{
		Campaign: record.Campaign{Start: 10},
		Operations: []record.Operation{
			done(record.Create, "a", "a1", 1, 2, 11),
			got("a", "a1", 2, 3, 11),
			unknown(done(record.Create, "b", "b1", 3, 4, 0)),
			expecting(done(record.Update, "a", "a2", 4, 5, 13), 11),
			refused(expecting(done(record.Update, "a", "a3", 5, 6, 0), 11), 409),
			listed(6, 7, 13, item("a", "a2", 13), item("b", "b1", 12)),
			expecting(done(record.Delete, "a", "", 8, 9, 0), 13),
			missing("a", 9, 10),
			unknown(done(record.Patch, "b", "b2", 10, 11, 0)), // never took place
			final(listed(12, 13, 14, item("b", "b1", 12))),
		},
		Watches: []record.Watch{
			watched(10, whole()...),
			watched(12, whole()[2:]...),
			{Initial: true, Events: []record.Event{event(8, record.Initial, "a", "a1", 11), event(8, record.Began, "", "", 11),
				event(9, record.Added, "b", "b1", 12)}},
			{Final: true, From: 10, Events: whole()},
		},
	}
}

func final(o record.Operation) record.Operation {
	o.Final = true
	return o
}

func whole() []record.Event {
	return []record.Event{
		event(2, record.Added, "a", "a1", 11),
		event(4, record.Added, "b", "b1", 12),
		event(5, record.Modified, "a", "a2", 13),
		bookmark(6, 13),
		event(9, record.Deleted, "a", "a2", 14),
		bookmark(12, 14),
	}
}

func TestGood(t *testing.T) {
	for _, v := range check.History(good()) {
		t.Error(v)
	}
}

// Each change makes a history bad, in one way that has to be found.
func TestBad(t *testing.T) {
	for name, test := range map[string]struct {
		change func(h *record.History)
		want   check.Kind
		text   string
	}{
		"a write that was acknowledged is nowhere": {func(h *record.History) {
			h.Operations = append(h.Operations, done(record.Create, "c", "c1", 10, 11, 15))
		}, check.Lost, "create c"},
		"the list at the end lacks a write": {func(h *record.History) {
			h.Operations = append(h.Operations, done(record.Create, "c", "c1", 10, 11, 15))
			h.Operations[9].Revision = 15
			h.Watches[3].Events = append(whole(), event(12, record.Added, "c", "c1", 15))
		}, check.Lost, "the list after it"},
		"a read sees what was replaced": {func(h *record.History) {
			h.Operations = append(h.Operations, got("a", "a1", 6, 7, 11))
		}, check.Linearizability, "get a"},
		"a read sees what is not yet written": {func(h *record.History) {
			h.Operations = append(h.Operations, got("a", "a2", 2, 3, 13))
		}, check.Linearizability, "get a"},
		"a read does not see what was acknowledged": {func(h *record.History) {
			h.Operations = append(h.Operations, missing("a", 6, 7))
		}, check.Linearizability, "get a"},
		"what nobody was told of comes and goes": {func(h *record.History) {
			h.Operations = append(h.Operations, got("b", "b1", 4, 5, 12), missing("b", 6, 7))
		}, check.Linearizability, "get b"},
		"a conflict without a reason": {func(h *record.History) {
			h.Operations = append(h.Operations, refused(expecting(done(record.Update, "a", "a4", 6, 7, 0), 13), 409))
		}, check.Linearizability, "update a"},
		"a precondition that did not hold": {func(h *record.History) {
			h.Operations[3].Expected = 9
		}, check.Precondition, "was to replace revision 9"},
		"two deletions of one version": {func(h *record.History) {
			h.Operations = append(h.Operations, expecting(done(record.Delete, "a", "", 10, 11, 0), 13))
		}, check.Linearizability, "delete a"},
		"a refused write that took place": {func(h *record.History) {
			h.Operations[2] = refused(h.Operations[2], 409)
		}, check.Contradiction, "refused"},
		"a value that nobody wrote": {func(h *record.History) {
			h.Operations[2].Value = "other"
		}, check.Contradiction, "nobody wrote that"},
		"a write that took place twice": {func(h *record.History) {
			h.Watches[3].Events = append(whole(), event(12, record.Modified, "b", "b1", 15))
		}, check.Contradiction, "took place twice"},
		"a revision for two things": {func(h *record.History) {
			h.Operations = append(h.Operations, done(record.Create, "c", "c1", 8, 9, 14))
		}, check.Contradiction, "at 14"},
		"a revision below what was known": {func(h *record.History) {
			h.Operations[3].Call, h.Operations[3].Return = at(10), at(11)
		}, check.Order, "update a"},
		"a list that lacks an object": {func(h *record.History) {
			h.Operations[5].Items = h.Operations[5].Items[:1]
		}, check.Listing, "lacks b"},
		"a list with an object too many": {func(h *record.History) {
			h.Operations[9].Items = append(h.Operations[9].Items, item("a", "a2", 13))
		}, check.Listing, "shows a"},
		"a list at an old revision with a new object": {func(h *record.History) {
			h.Operations[5].Expected, h.Operations[5].Match, h.Operations[5].Revision = 12, "Exact", 12
		}, check.Listing, "shows a = a2"},
		"a stale consistent list": {func(h *record.History) {
			h.Operations = append(h.Operations, listed(6, 7, 11, item("a", "a1", 11)))
		}, check.Listing, "13 was known"},
		"an event is missing": {func(h *record.History) {
			h.Watches[0].Events = slices.Delete(whole(), 1, 2)
		}, check.Watching, "b is b1 at 12 is missing"},
		"an event comes again": {func(h *record.History) {
			h.Watches[1].Events = append(h.Watches[1].Events, event(13, record.Deleted, "a", "a2", 14))
		}, check.Watching, "again or out of order"},
		"a bookmark is ahead of an event": {func(h *record.History) {
			h.Watches[0].Events[3] = bookmark(6, 14)
		}, check.Watching, "missing before"},
		"a creation is shown as a change": {func(h *record.History) {
			h.Watches[0].Events[0].Type = record.Modified
		}, check.Watching, "but before that"},
		"a deletion has an older state": {func(h *record.History) {
			for i := range h.Watches {
				for j := range h.Watches[i].Events {
					if e := &h.Watches[i].Events[j]; e.Type == record.Deleted {
						e.Value = "a1"
					}
				}
			}
		}, check.Watching, "its last state was"},
		"the state at the beginning is not that of its revision": {func(h *record.History) {
			h.Watches[2].Events[1].Revision = 12
		}, check.Watching, "lacks b"},
		"a watch falls silent": {func(h *record.History) {
			h.Watches[1].Until = 20
		}, check.Watching, "no further"},
		"nobody watches what happens in between": {func(h *record.History) {
			h.Watches = []record.Watch{watched(10, whole()[:1]...), watched(12, whole()[2:]...)}
		}, check.Undecided, "up to revision 11 only"},
		"a fault does not heal": {func(h *record.History) {
			h.Faults = []record.Fault{{Name: "server-kill", Failure: "no answer"}}
		}, check.Healing, "no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			h := good()
			test.change(h)
			violations := check.History(h)
			if !slices.ContainsFunc(violations, func(v check.Violation) bool {
				return v.Kind == test.want && strings.Contains(v.Text, test.text)
			}) {
				t.Errorf("want %q with %q, found %v", test.want, test.text, violations)
			}
		})
	}
}

// A write without an answer may take place at any later time, but only once.
func TestUnknown(t *testing.T) {
	late := good()
	late.Operations = append(late.Operations, missing("b", 4, 5)) // before the effect of what was asked for at 3
	late.Operations[2].Return = at(4)
	late.Operations[5].Call, late.Operations[5].Return = at(6), at(7)
	for i := range late.Watches {
		for j := range late.Watches[i].Events {
			if e := &late.Watches[i].Events[j]; e.Key == "b" {
				e.At = at(6)
			}
		}
	}
	for _, v := range check.History(late) {
		if v.Kind == check.Linearizability {
			t.Error(v)
		}
	}
}

// The account of a violation has what was asked about its key.
func TestAccount(t *testing.T) {
	h := good()
	h.Operations = append(h.Operations, got("a", "a1", 6, 7, 11))
	h.Faults = []record.Fault{{Name: "server-kill", Injected: at(5), Healed: at(8)}}
	violations := check.History(h)
	if len(violations) != 1 {
		t.Fatalf("want one violation, found %v", violations)
	}
	account := check.Account(h, violations)
	for _, want := range []string{"fault server-kill", "update a = a2 if at 11 → done 200 at 13", "get a → done 200 a1 at 11"} {
		if !strings.Contains(account, want) {
			t.Errorf("%q is missing in\n%s", want, account)
		}
	}
}
