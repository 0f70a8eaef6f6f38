package postgresql

import (
	"fmt"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestIsDocument asks PostgreSQL: a document that it accepts, it can read.
func TestIsDocument(t *testing.T) {
	t.Parallel()
	conn := postgrestest.Shared(t).NewDatabase(t).Connect(t)
	for text, want := range map[string]bool{
		``:                                 false,
		`k8s:enc:`:                         false,
		`[1]`:                              false,
		"{\"a\":\"\xff\"}":                 false,
		`{}`:                               true,
		`{"a":"\n\\\"\/é😀"}`:               true,
		`{"a":"\u0001\u00e9\uffff"}`:       true,
		`{"a":"\u0000"}`:                   false,
		`{"\u0000":"a"}`:                   false,
		`{"a":"\\u0000"}`:                  true,
		`{"a":"\\\u0000"}`:                 false,
		`{"a":"\ud83d\ude00"}`:             true,
		`{"a":"\uD83D\uDE00\ud83d\ude00"}`: true,
		`{"a":"\ud83d"}`:                   false,
		`{"a":"\ud83dx\ude00"}`:            false,
		`{"a":"\ude00\ud83d"}`:             false,
		`{"a":"\ud83d\ud83d\ude00"}`:       false,
		`{"a":"\ud83d\n"}`:                 false,
		`{"a":"\`:                          true, // Is refused when it is stored.
		`{"a":"\u00`:                       true,
	} {
		if got := isDocument([]byte(text)); got != want {
			t.Errorf("isDocument(%q) is %t, want %t", text, got, want)
		}
		if !want {
			continue
		}
		var stored bool
		if conn.QueryRow(t.Context(), `SELECT $1::text::json IS NOT NULL`, text).Scan(&stored) != nil {
			continue
		}
		var values int
		if err := conn.QueryRow(t.Context(), `SELECT count(value) FROM json_each_text($1::text::json)`, text).Scan(&values); err != nil {
			t.Errorf("PostgreSQL stores %q but fails to read it: %v", text, err)
		}
	}
}

// TestDeepValues: SQL users see objects beside one that PostgreSQL stores, but whose depth its
// functions have no stack for.
func TestDeepValues(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	for _, depth := range []int{driver.MaxDepth - 1, driver.MaxDepth, driver.MaxDepth + 1, 12 * driver.MaxDepth, 100 * driver.MaxDepth} {
		key, value := fmt.Sprintf("/example.org/things/%d", depth), strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth)
		if revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(value)}}); err != nil || revisions[0] == 0 {
			t.Fatal(revisions, err)
		}
		if record, _, err := backend.Get(t.Context(), key, 0); err != nil || string(record.Value) != value {
			t.Errorf("a value of depth %d does not come back (%v)", depth, err)
		}
	}
	var objects, readable int
	err := database.Connect(t).QueryRow(t.Context(), `SELECT count(*), count(jsonb_path_query_first(object::jsonb, '$.**')) FROM ark.resources`).Scan(&objects, &readable)
	if err != nil || objects != 5 || readable != 2 {
		t.Errorf("the view has %d objects (%v), of which %d can be read, want 5 and 2", objects, err, readable)
	}
}
