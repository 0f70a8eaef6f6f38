package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest"
)

// run starts an engine on a new file, until the test ends.
func run(t *testing.T) (*sqlite.Backend, *storage.Engine) {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return backend, engine
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	backend, engine := run(t)
	fill, empty := func() { backend.LimitPages(t, 1) }, func() { backend.LimitPages(t, 0) }
	storagetest.ExerciseFullDisk(t, engine, fill, empty, func(error) bool { return true })
}

// TestPools: what is in use shows, and who had to wait is counted.
func TestPools(t *testing.T) {
	t.Parallel()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	pool := func() driver.Pool { return backend.Pools()[0] }
	if p := pool(); p.Name != "read" || p.Max < 4 || p.InUse != 0 || p.Idle < 1 || p.Waits != 0 || p.Waited != 0 {
		t.Errorf("the pool that nobody uses is %+v", p)
	}
	var releases []func()
	for range pool().Max {
		releases = append(releases, backend.UseReader(t))
	}
	if p := pool(); p.InUse != p.Max || p.Idle != 0 {
		t.Errorf("all of its connections are in use, but it is %+v", p)
	}
	read := make(chan error)
	go func() {
		_, err := backend.CurrentRevision(t.Context())
		read <- err
	}()
	NewWithT(t).Eventually(func() int64 { return pool().Waits }).WithTimeout(time.Minute).Should(BeEquivalentTo(1))
	for _, release := range releases {
		release()
	}
	if err := <-read; err != nil {
		t.Error(err)
	}
	if p := pool(); p.Waited == 0 {
		t.Errorf("nobody waited: %+v", p)
	}
}
