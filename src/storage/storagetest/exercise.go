package storagetest

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// Harness tells Exercise how to get at a kind of backend, and what it can do.
type Harness struct {
	// New makes an empty database that is gone when the test ends. Each call of open opens it as
	// another process would; the suite closes what it opened. Unless Shared, it closes one before
	// it opens the next.
	New func(t *testing.T) (open func(t *testing.T) driver.Backend)

	// Shared means that several processes can have a database open at the same time.
	Shared bool

	// Notifies means that Listen learns of other processes' commits.
	Notifies bool

	// NotOwner means that the process may use the database, but neither change nor purge it.
	NotOwner bool

	// Lose takes the commits from revision on back and commits writes instead, as a process that
	// has not seen them would after a failover or when an older backup was restored. The backend
	// that made them is open.
	Lose func(t *testing.T, backend driver.Backend, revision int64, writes []driver.Write)

	// Damage replaces a part of a key's value, as a bad disk does.
	Damage func(t *testing.T, backend driver.Backend, key, part, by string)

	// Small makes the large scenarios smaller, as -short does.
	Small bool
}

// Exercise runs the scenarios that every backend passes: together they are what the comments of
// driver.Backend promise.
//
// Scenarios run in parallel, each on a database of its own.
func Exercise(t *testing.T, harness Harness) {
	for _, scenario := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"EmptyDatabase", exerciseEmptyDatabase},
		{"Reopen", exerciseReopen},
		{"Preconditions", exercisePreconditions},
		{"ConflictsCostNoRevision", exerciseConflictsCostNoRevision},
		{"LargeBatch", exerciseLargeBatch},
		{"CancelledCommit", exerciseCancelledCommit},
		{"GetAtRevision", exerciseGetAtRevision},
		{"ListOrder", exerciseListOrder},
		{"ListPrefix", exerciseListPrefix},
		{"ListPages", exerciseListPages},
		{"ListPagesAtOldRevision", exerciseListPagesAtOldRevision},
		{"ListManyKeys", exerciseListManyKeys},
		{"Filter", exerciseFilter},
		{"FilterUnknownFields", exerciseFilterUnknownFields},
		{"FilterOddValues", exerciseFilterOddValues},
		{"Log", exerciseLog},
		{"LogPrefix", exerciseLogPrefix},
		{"Values", exerciseValues},
		{"ValuesInOneBatch", exerciseValuesInOneBatch},
		{"KeysThatAreNoText", exerciseKeysThatAreNoText},
		{"Expired", exerciseExpired},
		{"Stats", exerciseStats},
		{"CommitTime", exerciseCommitTime},
		{"Compact", exerciseCompact},
		{"Purge", exercisePurge},
		{"CompactNewestTombstone", exerciseCompactNewestTombstone},
		{"RevisionBeyond", exerciseRevisionBeyond},
		{"Checksums", exerciseChecksums},
		{"LostCommits", exerciseLostCommits},
		{"ReadLostCommits", exerciseReadLostCommits},
		{"Rows", exerciseRows},
		{"Import", exerciseImport},
		{"Roles", exerciseRoles},
		{"Model", exerciseModel},
		{"ConcurrentCommits", exerciseConcurrentCommits},
		{"ConsistentSnapshots", exerciseConsistentSnapshots},
		{"CompactionRaces", exerciseCompactionRaces},
		{"Listen", exerciseListen},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			t.Parallel()
			scenario.run(t, harness)
		})
	}
}

func (h Harness) small() bool { return h.Small || testing.Short() }

// open opens a new database once.
func (h Harness) open(t *testing.T) driver.Backend {
	t.Helper()
	return closing(t, h.New(t)(t))
}

// openSeveral opens a new database as several processes, or as one if the backend can't share.
func (h Harness) openSeveral(t *testing.T, processes int) []driver.Backend {
	t.Helper()
	if !h.Shared {
		processes = 1
	}
	open := h.New(t)
	var backends []driver.Backend
	for range processes {
		backends = append(backends, closing(t, open(t)))
	}
	return backends
}

func closing(t *testing.T, backend driver.Backend) driver.Backend {
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return backend
}
