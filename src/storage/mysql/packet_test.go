package mysql

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// TestBatchLargerThanAPacket: the caller is left to commit each write alone, which works for the largest there are.
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
