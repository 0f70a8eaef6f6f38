package mysql

import (
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// wantIncarnation waits until a new one has begun, whichever of the engines began it, and returns
// its first revision.
func wantIncarnation(t *testing.T, backend *Backend, engines ...*storage.Engine) int64 {
	t.Helper()
	NewWithT(t).Eventually(func() (began float64) {
		for _, engine := range engines {
			value, _ := storagetest.Metric(t, engine, "generic_storage_incarnations_total")
			began += value
		}
		return began
	}).WithTimeout(patience).Should(BeEquivalentTo(1))
	for _, engine := range engines {
		storagetest.EventuallyMetric(t, engine, "generic_storage_revision", BeNumerically(">", 1_000_000_000), patience)
		NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(Succeed())
	}
	compacted, err := backend.CompactRevision(t.Context())
	if err != nil || compacted < 1_000_000_000 {
		t.Errorf("compacted to %d (error %v), want all that was before", compacted, err)
	}
	return compacted
}

// TestFailover: another server takes over, with all that was committed, as a replica that was
// promoted. Its number tells.
func TestFailover(t *testing.T) {
	t.Parallel()
	server := mysqltest.New(t)
	database := server.NewDatabase(t)
	engine := storagetest.Run(t, opened(t, optionsFor(database)), storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})
	backend := open(t, database)
	create(t, backend, "/kept")
	server.Kill(t)
	server.Configure("server-id=2")
	server.Start(t)
	began := wantIncarnation(t, backend, engine)
	if !exists(t, backend, "/kept") {
		t.Error("what was committed is gone")
	}
	if revision := create(t, backend, "/next"); revision != began+1 {
		t.Errorf("the first write got revision %d, want %d", revision, began+1)
	}
	// The place is noted: a process that is started finds nothing to do.
	if _, err := open(t, database).CurrentRevision(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRestoredDump: an older dump is restored under running processes, of which one has seen more.
func TestRestoredDump(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	options := storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}}
	backend := open(t, database)
	engines := []*storage.Engine{storagetest.Run(t, opened(t, optionsFor(database)), options), storagetest.Run(t, opened(t, optionsFor(database)), options)}
	create(t, backend, "/kept")
	dump, err := database.Dump()
	if err != nil {
		t.Fatal(err)
	}
	lost := create(t, backend, "/lost")
	for _, engine := range engines {
		storagetest.EventuallyMetric(t, engine, "generic_storage_revision", BeEquivalentTo(lost), patience)
	}
	if err := database.Restore(dump); err != nil {
		t.Fatal(err)
	}
	began := wantIncarnation(t, backend, engines...)
	if exists(t, backend, "/lost") || !exists(t, backend, "/kept") {
		t.Error("the state is not that of the dump")
	}
	if revision := create(t, backend, "/next"); revision != began+1 {
		t.Errorf("the first write got revision %d, want %d", revision, began+1)
	}
}

// TestRestoredElsewhere: a dump is restored to another database, or to the same one again, and a
// process begins on it that has seen nothing.
func TestRestoredElsewhere(t *testing.T) {
	t.Parallel()
	server := mysqltest.Shared(t)
	database := server.NewDatabase(t)
	for name, to := range map[string]mysqltest.Database{"elsewhere": server.NewDatabase(t), "in place": database} {
		backend := open(t, database)
		create(t, backend, "/kept-"+name)
		dump, err := database.Dump()
		if err != nil {
			t.Fatal(err)
		}
		// MySQL and MariaDB tell when a table was made to the second.
		var made, now string
		NewWithT(t).Eventually(func() bool {
			scan(t, database, `SELECT CREATE_TIME, NOW() FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'incarnation'`, &made, &now)
			return made != now
		}).WithTimeout(patience).Should(BeTrue())
		if err := to.Restore(dump); err != nil {
			t.Fatal(err)
		}
		restored := open(t, to)
		if _, _, err := restored.Log(t.Context(), 1, "", 1); !errors.Is(err, driver.ErrDiverged) {
			t.Errorf("restored %s: got error %v, want ErrDiverged", name, err)
		}
		engine := storagetest.Run(t, opened(t, optionsFor(to)), storage.Options{})
		wantIncarnation(t, restored, engine)
		if !exists(t, restored, "/kept-"+name) {
			t.Errorf("restored %s: the state is not that of the dump", name)
		}
	}
}

// TestRewriteBeginsNoIncarnation: whatever an administrator does for the tables' sake.
func TestRewriteBeginsNoIncarnation(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	create(t, backend, "/a")
	if err := backend.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	database.Exec(t, `OPTIMIZE TABLE log, objects; ANALYZE TABLE log, objects, incarnation; CHECK TABLE incarnation; FLUSH TABLES`)
	if incarnation, err := open(t, database).StartIncarnation(t.Context()); err != nil || incarnation.Began != 0 {
		t.Errorf("began %+v, error %v", incarnation, err)
	}
}
