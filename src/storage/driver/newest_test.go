package driver_test

import (
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// TestNewestAfterStaleRead: a read that began before a commit, and saw the database after it had
// gone back behind that and on again, does not hide that the commit is missing.
func TestNewestAfterStaleRead(t *testing.T) {
	t.Parallel()
	at := func(revision int64, second int) driver.Entry {
		return driver.Entry{Revision: revision, CommittedAt: time.Unix(int64(second), 0)}
	}
	var newest driver.Newest
	want := func(entry driver.Entry) {
		t.Helper()
		if got := newest.Entry(); got != entry {
			t.Errorf("the newest is %v, want %v", got, entry)
		}
	}
	newest.SeeAfter(driver.Entry{}, at(2, 1))
	want(at(2, 1))
	newest.SeeAfter(at(2, 1), at(3, 2))
	want(at(3, 2))
	seen := newest.Entry()
	newest.See(at(4, 3))
	newest.SeeAfter(seen, at(6, 5))
	want(at(4, 3))
	newest.SeeAfter(at(4, 3), at(3, 2))
	want(at(4, 3))
}
