package changelog

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// TestCounts: what was counted once is right at each revision that the window has, whether it was
// counted before, at or after what was handed out. What can't be told is not known.
func TestCounts(t *testing.T) {
	// One object is created at each revision but 14, which updates, and 15, which deletes: what
	// starts with /k/a/ at even ones, else with /k/b/.
	var changes []*Event
	for revision := int64(11); revision <= 20; revision++ {
		c := driver.Change{Key: "/k/b/x", Revision: revision}
		if revision%2 == 0 {
			c.Key = "/k/a/x"
		}
		c.Deleted = revision == 15
		if revision == 14 || revision == 15 {
			c.PrevRevision = 1
		}
		changes = append(changes, &Event{Change: c})
	}
	all := map[int64]int64{10: 100, 11: 101, 12: 102, 13: 103, 14: 103, 15: 102, 16: 103, 17: 104, 18: 105, 19: 106, 20: 107}
	a := map[int64]int64{10: 50, 12: 51, 13: 51, 14: 51, 15: 51, 16: 52, 18: 53, 20: 54}
	for _, countedAt := range []int64{10, 13, 16, 18, 20} {
		h := newHub(Options{WatchWindowBytes: 1 << 20})
		h.reset(10)
		h.publishOwn(changes[:6]) // 16 was handed out
		h.counted("/k/", countedAt, all[countedAt])
		h.counted("/k/a/", countedAt, a[countedAt])
		check := func(head int64) {
			t.Helper()
			for revision := int64(9); revision <= 20; revision++ {
				for prefix, want := range map[string]map[int64]int64{"/k/": all, "/k/a/": a} {
					keys, reached, known := h.countAt(prefix, revision)
					// What was counted ahead of what was handed out can't be taken back.
					if may := revision >= 10 && (countedAt <= head || revision >= countedAt); known != may {
						t.Errorf("counted at %d, handed out up to %d: the keys of %s at %d are known %t", countedAt, head, prefix, revision, known)
					}
					if expected, listed := want[reached]; known && listed && keys != expected {
						t.Errorf("counted at %d: %s has %d keys at %d, want %d", countedAt, prefix, keys, reached, expected)
					}
					if up := min(revision, max(head, countedAt)); known && reached != up {
						t.Errorf("counted at %d, handed out up to %d: for %d it is known at %d, want %d", countedAt, head, revision, reached, up)
					}
				}
			}
		}
		check(16)
		h.publishOwn(changes[6:])
		check(20)
		if _, _, known := h.countAt("/k/b/", 20); known {
			t.Error("what was not counted is known")
		}
		h.reset(30)
		if _, _, known := h.countAt("/k/", 30); known {
			t.Error("what was counted is known in another place")
		}
	}
	h := newHub(Options{WatchWindowBytes: 1 << 20})
	h.reset(10)
	h.counted("/k/", 9, 1)
	if _, _, known := h.countAt("/k/", 10); known {
		t.Error("what was counted before the window is known")
	}
}
