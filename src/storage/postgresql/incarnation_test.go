package postgresql

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
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

// TestAsynchronousFailover: a standby that lacks the last commits is promoted. A process that has
// seen no more than it has notices by its timeline.
func TestAsynchronousFailover(t *testing.T) {
	t.Parallel()
	for name, sawLost := range map[string]bool{"seen": true, "not seen": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			primary := postgrestest.New(t)
			database := primary.NewDatabase(t)
			open(t, database) // migrates
			standby, err := primary.NewStandby(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = standby.Close() })
			options, proxy := through(t, database)
			backend := openWith(t, options)
			create(t, backend, "/kept")
			after := database.At(standby)
			NewWithT(t).Eventually(func() bool { return present(t, after, "/kept") }).WithTimeout(patience).Should(BeTrue())
			engine := storagetest.Run(t, opened(t, options), storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})

			// The standby falls behind, as by a network that lags.
			if err := standby.StopFollowing(t.Context()); err != nil {
				t.Fatal(err)
			}
			if sawLost {
				lost := create(t, backend, "/lost")
				storagetest.EventuallyMetric(t, engine, "generic_storage_revision", BeEquivalentTo(lost), patience)
			}
			primary.Kill(t)
			if err := standby.Promote(t.Context()); err != nil {
				t.Fatal(err)
			}
			proxy.Redirect(fmt.Sprintf("%s:%d", after.Host, after.Port))
			began := wantIncarnation(t, backend, engine)
			NewWithT(t).Eventually(func() error {
				_, err := backend.Commit(t.Context(), []driver.Write{{Key: "/next", Value: []byte(`{}`)}})
				return err
			}).WithTimeout(patience).Should(Succeed())
			if revision := revisionOf(t, backend, "/next"); revision != began+1 {
				t.Errorf("the first write got revision %d, want %d", revision, began+1)
			}
			if exists(t, backend, "/lost") || !exists(t, backend, "/kept") {
				t.Error("the state is not that of the standby")
			}
			// The place is noted: a process that is started finds nothing to do.
			if _, err := open(t, after).CurrentRevision(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestPointInTime restores a database to a moment from a base backup and the archive of the
// write-ahead log. It is noticed, whatever the process that comes to it has seen.
func TestPointInTime(t *testing.T) {
	t.Parallel()
	if page, err := os.ReadFile("../../../docs/backup.md"); err != nil || !strings.Contains(string(page), strings.Join(postgrestest.Archiving, "\n")) {
		t.Errorf("docs/backup.md has other settings (%v)", err)
	}
	primary := postgrestest.New(t, postgrestest.Archiving...)
	database := primary.NewDatabase(t)
	backend := open(t, database)
	create(t, backend, "/before")
	restored, err := primary.RestoreTo(t.Context(), "before_the_mistake", func() error {
		create(t, backend, "/kept")
		if err := primary.Exec(t.Context(), "SELECT pg_create_restore_point('before_the_mistake')"); err != nil {
			return err
		}
		create(t, backend, "/mistake")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = restored.Close() })
	options := optionsFor(database.At(restored))
	again := opened(t, options).(*Backend)
	engine := storagetest.Run(t, again, storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})
	wantIncarnation(t, again, engine)
	if !exists(t, again, "/before") || !exists(t, again, "/kept") || exists(t, again, "/mistake") {
		t.Error("the state is not that of the moment")
	}
}

// TestRestartBeginsNoIncarnation: a server that crashed, or was restarted, has all that was
// acknowledged.
func TestRestartBeginsNoIncarnation(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	database := server.NewDatabase(t)
	engine := storagetest.Run(t, opened(t, optionsFor(database)), storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})
	backend := open(t, database)
	create(t, backend, "/a")
	for _, end := range []func(testing.TB){server.Stop, server.Kill} {
		end(t)
		server.Start(t)
		storagetest.Recovers(t, backend, patience)
		revision := create(t, backend, "/"+time.Now().String())
		storagetest.EventuallyMetric(t, engine, "generic_storage_revision", BeEquivalentTo(revision), patience)
	}
	storagetest.EventuallyMetric(t, engine, "generic_storage_incarnations_total", BeZero(), patience)
}

// TestRestoredDump: an older dump is restored under running processes, of which one has seen more.
func TestRestoredDump(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
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
	if _, err := database.Restore(dump, "SELECT 1"); err != nil {
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

// TestRestoredElsewhere: a dump is restored to another database, and a process begins on it that
// has seen nothing.
func TestRestoredElsewhere(t *testing.T) {
	t.Parallel()
	database, other := postgrestest.Shared(t).NewDatabase(t), postgrestest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	create(t, backend, "/kept")
	dump, err := database.Dump()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Restore(dump, "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	restored := open(t, other)
	if _, err := restored.CurrentRevision(t.Context()); !errors.Is(err, driver.ErrDiverged) {
		t.Errorf("a restored database: got error %v, want ErrDiverged", err)
	}
	engine := storagetest.Run(t, opened(t, optionsFor(other)), storage.Options{})
	wantIncarnation(t, restored, engine)
	if !exists(t, restored, "/kept") {
		t.Error("the state is not that of the dump")
	}
}

// present asks a server that may be a standby.
func present(t *testing.T, database postgrestest.Database, key string) (found bool) {
	t.Helper()
	conn := database.Connect(t)
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM ark.objects WHERE key = $1)`, key).Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}
