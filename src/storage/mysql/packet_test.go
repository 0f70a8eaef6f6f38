package mysql

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// TestBatchLargerThanAPacket: the caller is left to commit each write alone, which works for the
// largest there are.
func TestBatchLargerThanAPacket(t *testing.T) {
	t.Parallel()
	backend := open(t, mysqltest.New(t, fmt.Sprintf("max-allowed-packet=%d", minAllowedPacket)).NewDatabase(t))
	// Each byte takes two in the message.
	value := bytes.Repeat([]byte{0}, 3<<19)
	var batch []driver.Write
	for i := range 6 {
		batch = append(batch, driver.Write{Key: fmt.Sprintf("/%d", i), Value: value})
	}
	if _, err := backend.Commit(t.Context(), batch); err == nil || errors.Is(err, driver.ErrUnknownOutcome) || errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("a batch of 18 MiB as a message: got error %v, want one that lets the caller commit each write alone", err)
	}
	for i, write := range batch {
		if revisions, err := backend.Commit(t.Context(), []driver.Write{write}); err != nil || revisions[0] != int64(i+2) {
			t.Fatalf("write %d: revisions %v, error %v", i, revisions, err)
		}
	}
	record, _, err := backend.Get(t.Context(), "/0", 0)
	if err != nil || !bytes.Equal(record.Value, value) {
		t.Errorf("the value came back as %d bytes, error %v", len(record.Value), err)
	}
	update := driver.Write{Key: "/0", Expected: record.Revision, Value: value}
	revisions, err := backend.Commit(t.Context(), []driver.Write{update})
	if err != nil {
		t.Fatal(err)
	}
	// A change comes with the value before it.
	changes, _, err := backend.Log(t.Context(), revisions[0]-1, "", 1)
	if err != nil || len(changes) != 1 || len(changes[0].Value)+len(changes[0].PrevValue) != 2*len(value) {
		t.Errorf("%d changes, error %v", len(changes), err)
	}
}

// TestLongKey: a key that is too long for the tables is refused alone.
func TestLongKey(t *testing.T) {
	t.Parallel()
	backend := open(t, mysqltest.Shared(t).NewDatabase(t))
	long := "/" + strings.Repeat("k", 760)
	for _, key := range []string{long, long[:760]} {
		_, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(`{}`)}})
		if tooLong := len(key) > 760; (err != nil) != tooLong || errors.Is(err, driver.ErrUnknownOutcome) || errors.Is(err, driver.ErrUnavailable) {
			t.Errorf("a key of %d bytes: error %v", len(key), err)
		}
		if exists(t, backend, key) != (err == nil) {
			t.Errorf("a key of %d bytes is there: %t", len(key), err != nil)
		}
	}
	if page, err := backend.List(t.Context(), driver.ListQuery{Prefix: long}); err != nil || len(page.Records) != 0 {
		t.Errorf("listed %d records, error %v", len(page.Records), err)
	}
}
