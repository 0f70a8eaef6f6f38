package storagetest

import (
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// exerciseChecksums: what is read has the checksum of what was written, however it is read.
func exerciseChecksums(t *testing.T, h Harness) {
	backend := h.open(t)
	want := func(what string, got driver.Checksum, key, value string) {
		t.Helper()
		if got != driver.NewChecksum(key, []byte(value)) {
			t.Errorf("%s: the checksum is %#x, want that of %s %s", what, int64(got), key, value)
		}
	}
	const binary = "k8s:enc:\x00\xff"
	for key, values := range map[string][2]string{"/json": {`{"n":1}`, `{"n":2}`}, "/binary": {binary, binary + "x"}, "/empty": {"", "x"}} {
		first := commitOne(t, backend, create(key, values[0]))
		expiring := update(key, first, values[1])
		expiring.ExpiresAt = time.Now().Add(-time.Minute)
		second := commitOne(t, backend, expiring)
		want("get", get(t, backend, key, 0).Checksum, key, values[1])
		want("get at", get(t, backend, key, first).Checksum, key, values[0])
		want("list", list(t, backend, driver.ListQuery{Prefix: key}).Records[0].Checksum, key, values[1])
		want("list at", list(t, backend, driver.ListQuery{Prefix: key, Revision: first}).Records[0].Checksum, key, values[0])
		third := commitOne(t, backend, remove(key, second))
		changes, _, err := backend.Log(t.Context(), first-1, key, 10)
		if err != nil || len(changes) != 3 || changes[2].Revision != third {
			t.Fatalf("log: got %d changes, error %v", len(changes), err)
		}
		want("log", changes[0].Checksum, key, values[0])
		want("log", changes[1].Checksum, key, values[1])
		want("log, before", changes[1].PrevChecksum, key, values[0])
		want("log, deleted", changes[2].PrevChecksum, key, values[1])
		if changes[0].PrevChecksum != 0 || changes[2].Checksum != 0 {
			t.Errorf("what does not exist has a checksum: %+v", changes)
		}
	}
	last := create("/expired", `{}`)
	last.ExpiresAt = time.Now().Add(-time.Minute)
	commitOne(t, backend, last)
	expired, err := backend.Expired(t.Context(), time.Now(), 10)
	if err != nil || len(expired) != 1 {
		t.Fatalf("got %d expired records, error %v; want one", len(expired), err)
	}
	want("expired", expired[0].Checksum, "/expired", `{}`)
}
