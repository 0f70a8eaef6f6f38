package sqlite_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/transfer"
)

// wantRefused opens the database and wants one line of error that contains all words.
func wantRefused(t *testing.T, path string, words ...string) {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err == nil {
		_ = backend.Close()
		t.Fatalf("%s was opened", path)
	}
	for _, word := range append(words, path) {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q lacks %q", err, word)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error has more than one line: %q", err)
	}
}

func exec(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func scalar(t *testing.T, path, query string) (value int) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	t.Run("InUse", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "objects.db")
		backend := openAt(t, path)
		wantRefused(t, path, fmt.Sprintf("in use by process %d", os.Getpid()))
		if err := backend.Close(); err != nil {
			t.Fatal(err)
		}
		if err := openAt(t, path).Close(); err != nil {
			t.Errorf("after the other process has ended: %v", err)
		}
	})
	t.Run("Corrupt", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "objects.db")
		garbage := strings.Repeat("this is no database ", 1000)
		if err := os.WriteFile(path, []byte(garbage), 0o600); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, path, "damaged or is not a SQLite database", "restore")
		if kept, err := os.ReadFile(path); err != nil || string(kept) != garbage {
			t.Errorf("the file was changed (%v)", err)
		}
	})
	t.Run("OtherProgram", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "objects.db")
		exec(t, path, "CREATE TABLE theirs (x)")
		wantRefused(t, path, "another program")
	})
	t.Run("Newer", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "objects.db")
		if err := openAt(t, path).Close(); err != nil {
			t.Fatal(err)
		}
		exec(t, path, "PRAGMA user_version = 1000")
		wantRefused(t, path, "version 1000")
	})
	t.Run("WritableByOthers", func(t *testing.T) {
		for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
			path := filepath.Join(t.TempDir(), "objects.db")
			if err := openAt(t, path).Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path+suffix, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path+suffix, 0o602); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, path, "chmod o-w "+path+suffix)
		}
	})
	t.Run("FolderWritableByOthers", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, filepath.Join(dir, "objects.db"), "chmod o-w "+dir)
	})
	t.Run("NoFolder", func(t *testing.T) {
		wantRefused(t, filepath.Join(t.TempDir(), "missing", "objects.db"), "folder")
	})
	t.Run("Folder", func(t *testing.T) {
		wantRefused(t, t.TempDir(), "directory")
	})
	t.Run("NoPath", func(t *testing.T) {
		wantRefused(t, "", "no path")
	})
}

// TestOpensEarlierVersions: what servers of versions before have written is there.
func TestOpensEarlierVersions(t *testing.T) {
	t.Parallel()
	later := []string{"0002_checksums.sql", "0003_copies.sql"}
	for version := 1; version <= 1+len(later); version++ {
		t.Run(strconv.Itoa(version), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "objects.db")
			exec(t, path, sqlite.Migration(t, "0001_initial.sql")+`;
				INSERT INTO log VALUES (2, '/a', 0, 0, 1000, NULL, NULL, '{"n":1}'), (3, '/a', 2, 0, 2000, NULL, NULL, '{"n":2}');
				INSERT INTO objects VALUES ('/a', 3, 7, NULL);
				PRAGMA application_id = 0x61706931`)
			for _, name := range later[:version-1] {
				exec(t, path, sqlite.Migration(t, name))
			}
			exec(t, path, fmt.Sprintf("PRAGMA user_version = %d", version))
			backend := openAt(t, path)
			defer backend.Close()
			if record, current, err := backend.Get(t.Context(), "/a", 0); err != nil || string(record.Value) != `{"n":2}` || current != 3 {
				t.Errorf("got %+v at %d, error %v", record, current, err)
			}
			revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: "/a", Expected: 3, Value: []byte(`{"n":3}`)}})
			if err != nil || revisions[0] != 4 {
				t.Errorf("a commit after the migration: revisions %v, error %v; want 4", revisions, err)
			}
			found, err := transfer.Read(t.Context(), backend, nil)
			if err != nil || found.Changes != 3 || found.Unchecked != 2 || len(found.Damaged) != 0 {
				t.Errorf("verified: %+v, error %v", found, err)
			}
		})
	}
}

func TestFileMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backend := openAt(t, filepath.Join(dir, "objects.db"))
	if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/a", Value: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o, want 600", file.Name(), info.Mode().Perm())
		}
	}
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestResourcesView is what SQL users rely on.
func TestResourcesView(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend := openAt(t, path)
	write := func(key, namespace string) {
		value := fmt.Sprintf(`{"metadata":{"name":"n","namespace":%q},"spec":{"type":"x"}}`, namespace)
		if _, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(value)}}); err != nil {
			t.Fatal(err)
		}
	}
	write("/ark.ai/agents/team/n", "team")
	write("/secrets/team/n", "team")
	write("/ark.ai/encrypted/n", "none")
	if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/secrets/team/e", Value: []byte("k8s:enc:\x00\xff")}}); err != nil {
		t.Fatal(err)
	}
	// Another program may read while the server runs.
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT api_group, resource, namespace, name, object ->> '$.spec.type' FROM resources ORDER BY resource`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var row [5]string
		if err := rows.Scan(&row[0], &row[1], &row[2], &row[3], &row[4]); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join(row[:], "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	want := []string{"ark.ai|agents|team|n|x", "ark.ai|encrypted|none|n|x", "|secrets|team|n|x"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
}
