package changelog

import (
	"slices"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// TestWindow: whatever is put into it or dropped from it, it has all revisions above its base, and
// no more bytes than it may.
func TestWindow(t *testing.T) {
	events := func(from, to int64) (events []*Event) {
		for revision := from; revision <= to; revision++ {
			events = append(events, &Event{Change: driver.Change{Key: "/k", Revision: revision, Value: make([]byte, 100)}})
		}
		return events
	}
	room := events(1, 1)[0].size()
	w := &window{limit: 5 * room}
	check := func(step string, want ...int64) {
		t.Helper()
		var got []int64
		for _, e := range w.since(w.base) {
			got = append(got, e.Revision)
		}
		if !slices.Equal(got, want) || w.bytes != len(want)*room || len(want) > 0 && w.base != want[0]-1 {
			t.Errorf("%s: it has %v after %d and %d bytes, want %v and %d", step, got, w.base, w.bytes, want, len(want)*room)
		}
	}
	w.reset(10)
	w.append(events(11, 12))
	if !w.prepend(8, events(9, 10)) {
		t.Error("two events before two others don't fit into the room of five")
	}
	check("append and prepend", 9, 10, 11, 12)
	w.append(events(13, 14))
	check("the sixth takes the place of the first", 10, 11, 12, 13, 14)
	if w.prepend(7, events(8, 9)) {
		t.Error("two events before five others fit into the room of five")
	}
	check("what does not fit", 10, 11, 12, 13, 14)
	w.forget(11)
	check("forget", 12, 13, 14)
	w.forget(3)
	check("forget what is not there", 12, 13, 14)
	if after := w.since(13); len(after) != 1 || after[0].Revision != 14 {
		t.Errorf("after 13 there are %d events", len(after))
	}
	w.forget(99)
	check("forget all")
}
