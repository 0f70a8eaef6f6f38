package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// values are bytes that a database may be tempted to change or to refuse.
func values() map[string][]byte {
	large := append(append([]byte(`{"data":"`), bytes.Repeat([]byte("large ü "), 170_000)...), `"}`...)
	return map[string][]byte{
		"nothing":              nil,
		"empty":                {},
		"order of keys":        []byte(`{"b":1,"a":2,"b":3}`),
		"white space":          []byte(" { \"a\" :\t1 ,\r\n \"b\" : [ ] } \n"),
		"no white space":       []byte(`{"a":1}`),
		"line feed at the end": []byte(`{"a":1}` + "\n"),
		"zero escape":          []byte(`{"a":"\u0000","\u0000":1}`),
		"lone surrogate":       []byte(`{"a":"\ud800","b":"\udc00\ud800"}`),
		"surrogate pair":       []byte(`{"a":"\ud83d\ude00","b":"😀"}`),
		"escapes":              []byte(`{"a":"\/\b\f\n\r\t\"\\\u00e9\u003c"}`),
		"large number":         []byte(`{"a":1e400,"b":-1E+999999,"c":0.1000000000000000000000000000001,"d":9007199254740993,"e":-0,"f":1.0}`),
		"long number":          []byte(`{"a":` + strings.Repeat("9", 5000) + `}`),
		"zero byte":            []byte("{\"a\":\"\x00\"}"),
		"control character":    []byte("{\"a\":\"\x01\n\"}"),
		"invalid UTF-8":        []byte("{\"a\":\"\xff\xfe\xc0\x80\"}"),
		"encoded surrogate":    []byte("{\"a\":\"\xed\xa0\x80\"}"),
		"byte order mark":      []byte("\ufeff{\"a\":1}"),
		"deep nesting":         []byte(`{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`),
		"not closed":           []byte(`{"a":1`),
		"invalid escape":       []byte(`{"a":"\x"}`),
		"two documents":        []byte(`{}{}`),
		"null":                 []byte(`null`),
		"string":               []byte(`"text"`),
		"number":               []byte(`12`),
		"array":                []byte(`[1, 2]`),
		"text":                 []byte(`it's "text" with \ and %s`),
		"protobuf":             []byte("k8s\x00\n\x0c\x12\x00\xff"),
		"encrypted":            append([]byte("k8s:enc:aesgcm:v1:key1:"), 0, 1, 0x80, 0xff, '{', '}'),
		"brace, then bytes":    {'{', 0xff, 0, 0x80},
		"1.5 MB":               large,
		"1.5 MB of bytes":      append([]byte("k8s:enc:"), large...),
	}
}

// exerciseValues has each value come back byte for byte, wherever it is read.
func exerciseValues(t *testing.T, h Harness) {
	backend := h.open(t)
	for name, value := range values() {
		key := "/values/" + name
		start := current(t, backend)
		created := commitOne(t, backend, driver.Write{Key: key, Value: value})
		updated := commitOne(t, backend, driver.Write{Key: key, Expected: created, Value: append([]byte{}, value...)})
		wantValue(t, name+", got", get(t, backend, key, 0).Value, value)
		wantValue(t, name+", got at its creation", get(t, backend, key, created).Value, value)
		for _, at := range []int64{0, created} {
			page := list(t, backend, driver.ListQuery{Prefix: key, Limit: 1, Revision: at})
			if len(page.Records) != 1 {
				t.Fatalf("%s: list at %d has %d records, want 1", name, at, len(page.Records))
			}
			wantValue(t, fmt.Sprintf("%s, listed at %d", name, at), page.Records[0].Value, value)
		}
		deleted := commitOne(t, backend, remove(key, updated))
		changes, _, err := readLog(t.Context(), backend, start, key, 10)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantChanges(t, name+", in the log", changes, []driver.Change{
			{Key: key, Revision: created, Value: value},
			{Key: key, Revision: updated, Value: value, PrevRevision: created, PrevValue: value},
			{Key: key, Revision: deleted, Deleted: true, PrevRevision: updated, PrevValue: value},
		})
	}
}

// exerciseValuesInOneBatch: a batch with values that the database does not take as they are may be
// refused, but then nothing of it is done.
func exerciseValuesInOneBatch(t *testing.T, h Harness) {
	backend := h.open(t)
	var batch []driver.Write
	for name, value := range values() {
		batch = append(batch, driver.Write{Key: "/values/" + name, Value: value})
	}
	before := current(t, backend)
	_, err := backend.Commit(t.Context(), batch)
	if err != nil {
		if errors.Is(err, driver.ErrUnknownOutcome) || errors.Is(err, driver.ErrUnavailable) {
			t.Fatalf("a batch that can't be stored: got error %v, want one that lets the caller commit each write alone", err)
		}
		if got := current(t, backend); got != before {
			t.Fatalf("a batch that was refused moved the revision from %d to %d", before, got)
		}
		for _, write := range batch {
			commitOne(t, backend, write)
		}
	}
	for _, write := range batch {
		wantValue(t, write.Key, get(t, backend, write.Key, 0).Value, write.Value)
	}
}

func wantValue(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got %s, want %s", what, shorten(got), shorten(want))
	}
}

// exerciseKeysThatAreNoText asks for keys and prefixes that a client can name but nobody can
// create.
func exerciseKeysThatAreNoText(t *testing.T, h Harness) {
	backend := h.open(t)
	revision := commitOne(t, backend, create("/a/b", `{}`))
	for _, key := range []string{"/a/b\x00", "/a\x00/b", "/a/\xff", "\xc3"} {
		record, now, err := backend.Get(t.Context(), key, 0)
		if record != nil || now != revision || err != nil {
			t.Errorf("get %q: got %v at revision %d, error %v; want nothing at %d", key, record, now, err, revision)
		}
		page, err := backend.List(t.Context(), driver.ListQuery{Prefix: key, Limit: 1, Count: true})
		if len(page.Records) != 0 || page.Revision != revision || err != nil {
			t.Errorf("list %q: got %d records at revision %d, error %v; want none at %d", key, len(page.Records), page.Revision, err, revision)
		}
	}
}
