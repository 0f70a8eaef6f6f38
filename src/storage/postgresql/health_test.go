package postgresql

import (
	"context"
	"errors"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

func TestTailDuringAnOutage(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	database := server.NewDatabase(t)
	followed := opened(t, optionsFor(database))
	storagetest.ExerciseTailDuringAnOutage(t, followed, open(t, database), func() { server.Stop(t) }, func() { server.Start(t) }, patience)
}

func TestTailOfASilentConnection(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	options, proxy := through(t, database)
	followed := opened(t, options)
	storagetest.ExerciseTailOfASilentConnection(t, followed, open(t, database), proxy, patience)
}

// TestFullDisk: the server answers and says that it accepts writes, but has no space for them.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	engine := storagetest.Run(t, opened(t, optionsFor(database)), storage.Options{})
	// The server raises the error itself, at the moment at which a full disk makes it do so.
	fill := func() {
		database.Exec(t, `
			CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS
				$$BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END$$;
			CREATE TRIGGER no_space BEFORE INSERT ON ark.log FOR EACH ROW EXECUTE FUNCTION no_space()`)
	}
	empty := func() { database.Exec(t, `DROP TRIGGER no_space ON ark.log`) }
	storagetest.ExerciseFullDisk(t, engine, fill, empty, func(err error) bool { return codeOf(err) == "53100" })
}

// TestPools: what is in use shows, and who had to wait, in vain even, is counted.
func TestPools(t *testing.T) {
	t.Parallel()
	backend := open(t, postgrestest.Shared(t).NewDatabase(t))
	create(t, backend, "/a")
	var write, read driver.Pool
	look := func() { pools := backend.Pools(); write, read = pools[0], pools[1] }
	look()
	if write.Name != "write" || write.Max != writerConnections || write.InUse != 0 || write.Idle != 1 {
		t.Errorf("the pool that has written once is %+v", write)
	}
	if want := defaultMaxConnections - writerConnections - listenerConnections; read.Name != "read" || read.Max != want {
		t.Errorf("the pool that reads is %+v, want %d connections", read, want)
	}
	for range read.Max {
		conn, err := backend.reader.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
	}
	look()
	if read.InUse != read.Max || read.Idle != 0 {
		t.Errorf("all of its connections are in use, but it is %+v", read)
	}
	before := read.Waits
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := backend.Get(ctx, "/a", 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a read without a connection: %v", err)
	}
	if look(); read.Waits != before+1 {
		t.Errorf("%d waited, want %d", read.Waits, before+1)
	}
}
