package changelog

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

func eventsOf(revisions ...int64) (events []*Event) {
	for _, revision := range revisions {
		events = append(events, &Event{Change: driver.Change{Key: "/k", Revision: revision}})
	}
	return events
}

// TestReadBesideOwnCommits: a read of the log that began before own commits, and returns after
// them, may be of a database that has lost them. It is not handed out, but read again if it has
// more.
func TestReadBesideOwnCommits(t *testing.T) {
	for name, test := range map[string]struct {
		own, read []int64
		again     bool
		head      int64
	}{
		"nothing meanwhile":          {nil, []int64{3, 4}, false, 4},
		"own commits, read as well":  {[]int64{3}, []int64{3}, false, 3},
		"own commits, and more":      {[]int64{3}, []int64{3, 4}, true, 3},
		"own commits after the read": {[]int64{3, 4}, []int64{3}, false, 4},
		"own commits that are early": {[]int64{4}, []int64{3, 4}, false, 4},
	} {
		h := newHub(Options{WatchWindowBytes: 1 << 20})
		h.reset(2)
		h.publishOwn(eventsOf(test.own...))
		again := h.publishRead(2, test.read[len(test.read)-1], eventsOf(test.read...))
		if head, _ := h.revisions(); again != test.again || head != test.head {
			t.Errorf("%s: read again %t, head %d, want %t, %d", name, again, head, test.again, test.head)
		}
	}
}
