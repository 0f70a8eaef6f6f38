package database

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
)

// TestKill kills each command with kill -9 after its first step, its second one, and so on; the
// same command goes on until it is done, and nothing is lost.
func TestKill(t *testing.T) {
	t.Parallel()
	source := places["sqlite"](t)
	backend, closeIt := opened(t, at(t, source))
	storagetest.WriteHistory(t, backend)
	var batch []driver.Write
	for i := range 1500 {
		batch = append(batch, driver.Write{Key: fmt.Sprintf("/many/%d", i), Value: bytes.Repeat([]byte("x"), 1000)})
	}
	if _, err := backend.Commit(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	want := storagetest.ReadRows(t, backend, 500)
	closeIt()
	file := filepath.Join(t.TempDir(), "backup.db")
	if kills := untilDone(t, "backup", source, file); kills < 5 {
		t.Errorf("backup was killed only %d times", kills)
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			copied, restored := place(t), place(t)
			if kills := untilDone(t, "copy", source, copied); kills < 5 {
				t.Errorf("copy was killed only %d times", kills)
			}
			if kills := untilDone(t, "restore", restored, file); kills < 5 {
				t.Errorf("restore was killed only %d times", kills)
			}
			for _, location := range []string{copied, restored} {
				backend, err := at(t, location).open(t.Context(), true)
				if err != nil {
					t.Fatal(err)
				}
				got := storagetest.ReadRows(t, backend, 500)
				if err := backend.Close(); err != nil {
					t.Error(err)
				}
				storagetest.WantSameRows(t, got[:len(want)], want)
				if err := at(t, location).Verify(t.Context(), io.Discard, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// untilDone starts a command again until it comes to its end before it is killed.
func untilDone(t *testing.T, name string, args ...string) (kills int) {
	t.Helper()
	for ; ; kills++ {
		command := exec.Command(os.Args[0], args...)
		command.Env = append(os.Environ(), commandVariable+"="+name)
		var problems bytes.Buffer
		command.Stderr = &problems
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		killed := false
		steps := bufio.NewScanner(out)
		for step := 0; steps.Scan(); step++ {
			if step == kills {
				killed = true
				if err := command.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		err = command.Wait()
		switch {
		case !killed && err != nil:
			t.Fatalf("%s: %v\n%s", name, err, problems.String())
		case !killed:
			return kills
		}
	}
}

// TestRetire: nobody writes to what is closed for good, and a copy of it can be used.
func TestRetire(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := at(t, place(t))
			backend, closeIt := opened(t, o)
			storagetest.WriteHistory(t, backend)
			if !o.Shared() {
				closeIt()
			}
			for range 2 { // the second time there is nothing left to do
				if err := o.Retire(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if o.Shared() {
				if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/late", Value: []byte(`{}`)}}); !errors.Is(err, driver.ErrUnavailable) {
					t.Errorf("a server that goes on writes: %v", err)
				}
				if _, err := backend.StartIncarnation(t.Context()); !errors.Is(err, driver.ErrMoved) {
					t.Errorf("a server goes on with it: %v", err)
				}
			}
			if _, err := o.Open(t.Context()); !errors.Is(err, driver.ErrMoved) {
				t.Errorf("a server starts on it: %v", err)
			}
			if status, err := o.Status(t.Context()); err != nil || !status.IsRetired() || status.Objects != 5 {
				t.Errorf("status %+v, error %v", status, err)
			}
			again := at(t, place(t))
			if err := o.CopyTo(t.Context(), again, CopyMode{}, io.Discard, nil); err != nil {
				t.Fatal(err)
			}
			engine, err := again.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := engine.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSwitch moves a database to another kind and back.
func TestSwitch(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home, away := at(t, places["sqlite"](t)), at(t, place(t))
			backend, closeIt := opened(t, home)
			storagetest.WriteHistory(t, backend)
			want := storagetest.ReadRows(t, backend, 500)
			if err := home.CopyTo(t.Context(), away, CopyMode{Switch: true}, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "in use by process") {
				t.Errorf("a file that a server has was switched: %v", err)
			}
			closeIt()
			for range 2 { // the second time there is nothing left to do
				if err := home.CopyTo(t.Context(), away, CopyMode{Switch: true}, io.Discard, nil); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := home.Open(t.Context()); err == nil || !strings.Contains(err.Error(), "another database has taken its place") {
				t.Errorf("a server starts on what was moved: %v", err)
			}
			moved, closeIt := opened(t, away)
			storagetest.WantSameRows(t, storagetest.ReadRows(t, moved, 500), want)
			revisions, err := moved.Commit(t.Context(), []driver.Write{{Key: "/away", Value: []byte(`{}`)}})
			if err != nil || revisions[0] != 18 {
				t.Fatalf("revisions %v, error %v; want 18", revisions, err)
			}
			closeIt()
			if err := away.CopyTo(t.Context(), home, CopyMode{Switch: true}, io.Discard, nil); err != nil {
				t.Fatal(err)
			}
			back, _ := opened(t, home)
			changes, _, err := back.Log(t.Context(), 16, "", 10)
			if err != nil || len(changes) != 2 || changes[1].Key != "/away" || changes[1].Revision != 18 {
				t.Errorf("back at home, the log goes on with %+v (error %v)", changes, err)
			}
		})
	}
}

// TestStandbyThatIsUsed: a server that is started on a copy can't know what the original has got
// since.
func TestStandbyThatIsUsed(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home, away := at(t, places["sqlite"](t)), at(t, place(t))
			backend, _ := opened(t, home)
			storagetest.WriteHistory(t, backend)
			if err := home.CopyTo(t.Context(), away, CopyMode{}, io.Discard, nil); err != nil {
				t.Fatal(err)
			}
			engine, err := away.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if revision := engine.KnownRevision(); revision != 17+driver.IncarnationGap {
				t.Errorf("it goes on at revision %d, want one far above 17", revision)
			}
			if err := engine.Close(); err != nil {
				t.Fatal(err)
			}
			if err := home.CopyTo(t.Context(), away, CopyMode{}, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "is not empty") {
				t.Errorf("a copy to what is in use: %v", err)
			}
		})
	}
}

func TestParseLocation(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]Options{
		"sqlite:///var/lib/ark.db": {Driver: "sqlite", SQLite: SQLiteOptions{Path: "/var/lib/ark.db"}},
		"sqlite:ark.db":            {Driver: "sqlite", SQLite: SQLiteOptions{Path: "ark.db"}},
		"postgres://u@db:5433/ark?sslmode=verify-full&schema=s": {Driver: "postgresql",
			PostgreSQL: PostgreSQLOptions{Host: "db", Port: 5433, Username: "u", Database: "ark", SSLMode: "verify-full", Schema: "s"}},
		"mysql://u@db/ark?tls-mode=required": {Driver: "mysql", MySQL: MySQLOptions{Host: "db", Username: "u", Database: "ark", TLSMode: "required"}},
	} {
		got, err := ParseLocation(location)
		if err != nil || got.Driver != want.Driver || got.SQLite != want.SQLite || got.PostgreSQL != want.PostgreSQL || got.MySQL != want.MySQL {
			t.Errorf("%s: got %+v, error %v", location, got, err)
		}
	}
	for location, want := range map[string]string{
		"":                            "must begin with one of sqlite:, postgresql:, mysql:",
		"ark.db":                      "must begin with one of",
		"sqlite://ark.db":             "sqlite://ark.db must be a path",
		"postgresql://u:secret@db/a":  "password-file",
		"postgresql://db/a?sslmod=x":  `unknown parameter "sslmod": there is no flag --postgresql-sslmod`,
		"postgresql://db/a?sslmode=x": "must be one of",
		"mysql://db:port/a":           "must be a URL such as",
	} {
		if _, err := ParseLocation(location); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: got error %v, want %q", location, err, want)
		}
	}
}
