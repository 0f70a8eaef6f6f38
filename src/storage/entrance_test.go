package storage

import (
	"context"
	"errors"
	"testing"
)

// TestEntrance: who waits does so for requests of the same user only, and nothing is left of those
// that were let in or gave up.
func TestEntrance(t *testing.T) {
	t.Parallel()
	var e entrance
	var leave []func()
	for range atOnce {
		for _, user := range []string{"mallory", "alice"} {
			end, err := e.enter(t.Context(), user)
			if err != nil {
				t.Fatal(err)
			}
			leave = append(leave, end)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.enter(ctx, "mallory"); !errors.Is(err, context.Canceled) {
		t.Errorf("one more was let in (%v)", err)
	}
	entered := make(chan func())
	go func() {
		end, err := e.enter(t.Context(), "mallory")
		if err != nil {
			t.Error(err)
		}
		entered <- end
	}()
	for _, end := range leave {
		end()
	}
	(<-entered)()
	if len(e.users) > 0 {
		t.Errorf("users %v are left", e.users)
	}
}
