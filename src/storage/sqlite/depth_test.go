package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// TestDeepValues asks SQLite how deep it reads, and has its view show objects beside one that is
// deeper.
func TestDeepValues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	db, err := sql.Open("sqlite", backend.dsn(busyTimeout))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for depth := driver.MaxDepth - 2; depth < driver.MaxDepth+3; depth++ {
		value := `{"metadata":{"name":"a"},"[{\"[{":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`
		var valid bool
		if err := db.QueryRowContext(t.Context(), "SELECT json_valid(?)", value).Scan(&valid); err != nil {
			t.Fatal(err)
		}
		if driver.IsDeep([]byte(value)) == valid {
			t.Errorf("SQLite reads a depth of %d: %t, IsDeep: %t", depth, valid, !valid)
		}
		key := "/example.org/things/" + strings.Repeat("x", depth-driver.MaxDepth+3)
		if revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(value)}}); err != nil || revisions[0] == 0 {
			t.Fatal(revisions, err)
		}
		if record, _, err := backend.Get(t.Context(), key, 0); err != nil || string(record.Value) != value {
			t.Errorf("a value of depth %d does not come back (%v)", depth, err)
		}
	}
	var objects int
	if err := db.QueryRowContext(t.Context(), "SELECT count(name) FROM resources").Scan(&objects); err != nil || objects != 3 {
		t.Errorf("the view has %d objects (%v), want the 3 that SQLite reads", objects, err)
	}
}
