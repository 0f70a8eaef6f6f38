package check_test

import (
	"strings"
	"testing"

	"ark.ai/apiserver/conformance/faults/check"
	"ark.ai/apiserver/conformance/faults/record"
)

// back is a history in which the database goes back from revision 14 to 12 and is served again from
// second 20 on, with revisions above all that were handed out. The creation of b at 11 stays, the
// deletion of a and the creation of c are lost.
func back() *record.History {
	return &record.History{
		Campaign: record.Campaign{Start: 10},
		Faults:   []record.Fault{{Name: "failover-asynchronous", Loses: true, Safe: 12, Injected: at(15), Cut: at(20), Removed: at(21), Healed: at(22)}},
		Operations: []record.Operation{
			done(record.Create, "b", "b1", 1, 2, 11),
			done(record.Create, "a", "a1", 3, 4, 12),
			expecting(done(record.Delete, "a", "", 5, 6, 0), 12),
			done(record.Create, "c", "c1", 7, 8, 14),
			got("c", "c1", 9, 10, 14),
			unknown(done(record.Create, "d", "d1", 19, 23, 0)),
			got("a", "a1", 20, 21, 12),
			listed(23, 24, 101, item("a", "a1", 12), item("b", "b1", 11)),
			expecting(done(record.Update, "a", "a2", 25, 26, 102), 12),
			missing("c", 26, 27),
			done(record.Create, "c", "c2", 27, 28, 103),
			final(listed(30, 31, 103, item("a", "a2", 102), item("b", "b1", 11), item("c", "c2", 103))),
		},
		Watches: []record.Watch{
			{From: 10, Begin: 0, End: at(21), Code: 410, Events: []record.Event{event(2, record.Added, "b", "b1", 11),
				event(4, record.Added, "a", "a1", 12), event(6, record.Deleted, "a", "a1", 13), event(8, record.Added, "c", "c1", 14)}},
			{Final: true, From: 10, Begin: at(11), End: at(12), Until: 14, Events: []record.Event{event(11, record.Added, "b", "b1", 11),
				event(11, record.Added, "a", "a1", 12), event(11, record.Deleted, "a", "a1", 13), event(12, record.Added, "c", "c1", 14)}},
			{From: 101, Begin: at(24), End: at(31), Until: 103, Events: []record.Event{
				event(26, record.Modified, "a", "a2", 102), event(28, record.Added, "c", "c2", 103)}},
			{Final: true, From: 10, Begin: at(31), End: at(31), Code: 410},
		},
	}
}

func TestBack(t *testing.T) {
	h := back()
	for _, v := range check.History(h) {
		t.Error(v)
	}
	if lost := check.Forfeited(h); len(lost) != 1 || lost[0].Value != "c1" {
		t.Errorf("want the creation of c as the one that was acknowledged and lost, found %v", lost)
	}
}

// A deletion that no watch has shown, because all of them had ended, may have been before the
// database went back, with or without an answer.
func TestUnseenDeletion(t *testing.T) {
	deletion := done(record.Delete, "b", "", 11, 12, 0)
	for _, deletion := range []record.Operation{deletion, unknown(deletion)} {
		h := back()
		h.Operations = append(h.Operations, deletion, missing("b", 25, 26))
		h.Operations[7].Items, h.Operations[11].Items = h.Operations[7].Items[:1], append(h.Operations[11].Items[:1:1], h.Operations[11].Items[2])
		for _, v := range check.History(h) {
			t.Errorf("%s: %s", deletion, v)
		}
	}
}

// A write without an answer may have been safe, though it was only seen while the servers noticed
// that the database went back.
func TestUnknownWriteThatWasSafe(t *testing.T) {
	h := back()
	h.Faults[0].Safe = 13
	h.Operations = []record.Operation{
		done(record.Create, "b", "b1", 1, 2, 11),
		done(record.Create, "a", "a1", 3, 4, 12),
		unknown(done(record.Update, "b", "b2", 5, 6, 0)),
		got("b", "b2", 20, 21, 13),
		listed(23, 24, 101, item("a", "a1", 12), item("b", "b2", 13)),
		expecting(done(record.Update, "b", "b3", 25, 26, 102), 13),
		final(listed(30, 31, 102, item("a", "a1", 12), item("b", "b3", 102))),
	}
	h.Watches = []record.Watch{
		{From: 10, Begin: 0, End: at(21), Code: 410, Events: []record.Event{event(2, record.Added, "b", "b1", 11), event(4, record.Added, "a", "a1", 12)}},
		{From: 101, Begin: at(24), End: at(31), Until: 102, Events: []record.Event{event(26, record.Modified, "b", "b3", 102)}},
	}
	for _, v := range check.History(h) {
		t.Error(v)
	}
}

// What was on its way to a watch may still arrive; then the watch ends.
func TestLateDelivery(t *testing.T) {
	h := back()
	h.Watches[0].Events[3] = event(23, record.Added, "c", "c1", 14)
	h.Watches[0].End = at(24)
	for _, v := range check.History(h) {
		t.Error(v)
	}
}

// Nor need anybody have been told of it before.
func TestLateDeliveryOfTheNewest(t *testing.T) {
	h := back()
	h.Watches[0].Events = append(h.Watches[0].Events, event(21, record.Bookmark, "", "", 15))
	for _, v := range check.History(h) {
		t.Error(v)
	}
}

// Each change lets the database's going back show.
func TestBadBack(t *testing.T) {
	for name, test := range map[string]struct {
		change func(h *record.History)
		want   check.Kind
		text   string
	}{
		"what a fault keeps is lost": {func(h *record.History) { h.Faults[0].Loses = false }, check.Lost, "left only revision 12"},
		"a revision is used again": {func(h *record.History) {
			h.Operations[8].Revision, h.Operations[11].Items[0].Revision, h.Watches[2].Events[0].Revision = 13, 13, 13
		}, check.Order, "update a = a2"},
		"a list shows what was lost": {func(h *record.History) {
			h.Operations = append(h.Operations, listed(28, 29, 103, item("a", "a2", 102), item("b", "b1", 11), item("c", "c1", 14)))
		}, check.Listing, "shows c = c1"},
		"a list is of a revision that was lost": {func(h *record.History) {
			o := listed(28, 29, 14, item("b", "b1", 11), item("c", "c1", 14))
			o.Expected = 0
			h.Operations = append(h.Operations, o)
		}, check.Listing, "went back from revision 14 to 12"},
		"a read shows what was lost": {func(h *record.History) {
			h.Operations[9] = got("c", "c1", 26, 27, 14)
		}, check.Linearizability, "key"},
		"a list lacks what was safe": {func(h *record.History) {
			h.Operations[7].Items, h.Operations[11].Items = h.Operations[7].Items[:1], append(h.Operations[11].Items[:1:1], h.Operations[11].Items[2])
		}, check.Lost, "b is b1 at 11 was safe"},
		"a watch goes on": {func(h *record.History) {
			h.Watches[0].Code, h.Watches[0].End = 0, at(31)
			h.Watches[0].Events = append(h.Watches[0].Events, event(26, record.Modified, "a", "a2", 102))
		}, check.Watching, "the database went back to 12"},
		"a watch shows what was lost": {func(h *record.History) {
			h.Watches = append(h.Watches, record.Watch{From: 13, Begin: at(25), End: at(31), Code: 410, Events: []record.Event{event(28, record.Added, "c", "c1", 14)}})
		}, check.Watching, "the database went back to 12"},
		"a watch from what was lost is accepted": {func(h *record.History) {
			h.Watches = append(h.Watches, record.Watch{From: 14, Begin: at(25), End: at(31), Events: []record.Event{event(28, record.Added, "c", "c2", 103)}})
		}, check.Watching, "the database went back to 12"},
		"a watch from what was lost is silent": {func(h *record.History) {
			h.Watches = append(h.Watches, record.Watch{From: 14, Begin: at(25), End: at(31), Until: 103})
		}, check.Watching, "no further"},
		"a consistent list is older than what was handed out": {func(h *record.History) {
			h.Operations = append(h.Operations, listed(23, 24, 13, item("a", "a1", 12), item("b", "b1", 11)))
		}, check.Listing, "14 was known"},
	} {
		t.Run(name, func(t *testing.T) {
			h := back()
			test.change(h)
			var texts []string
			for _, v := range check.History(h) {
				if v.Kind == test.want && (strings.Contains(v.Text, test.text) || test.text == "key") {
					return
				}
				texts = append(texts, v.String())
			}
			t.Errorf("want %q with %q, found\n%s", test.want, test.text, strings.Join(texts, "\n"))
		})
	}
}
