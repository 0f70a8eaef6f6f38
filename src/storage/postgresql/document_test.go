package postgresql

import (
	"testing"

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
