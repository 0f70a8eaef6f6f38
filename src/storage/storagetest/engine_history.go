package storagetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/src/storage/driver"
)

// exerciseRevisionBeyond asks for every number of bytes where the history has to end.
func exerciseRevisionBeyond(t *testing.T, h Harness) {
	backend := h.open(t)
	beyond := func(bytes, want int64) {
		t.Helper()
		if got, err := backend.RevisionBeyond(t.Context(), bytes); err != nil || got != want {
			t.Errorf("the revision beyond %d bytes is %d (error %v), want %d", bytes, got, err, want)
		}
	}
	beyond(0, 0)
	first := commitOne(t, backend, create("/a", `{"n":1}`))
	second := commitOne(t, backend, update("/a", first, `{"n":2}`))
	third := commitOne(t, backend, remove("/a", second))
	beyond(0, second)
	beyond(1000, 0)
	commitOne(t, backend, create("/b", strings.Repeat("x", 100))) // no JSON
	beyond(0, third+1)
	beyond(112, first) // Two of 7 bytes, with what a column has before them, and one of 100.
	beyond(105, second)
	beyond(150, 0)
	if err := backend.Compact(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	beyond(112, 0)
}

// exerciseBoundedHistory: who writes much shortens the history, and does not fill the disk.
func exerciseBoundedHistory(t *testing.T, h Harness) {
	const bound = 1 << 20
	options := quiet
	options.Log.HistoryBytes = bound
	wantBoundedHistory(t, startProcess(t, h.New(t)(t), options), bound)
}

// exerciseHistoryOnLowDisk: a disk that gets full bounds the history too.
func exerciseHistoryOnLowDisk(t *testing.T, h Harness) {
	const free = 1 << 20
	options := quiet
	options.Log.SizeInterval = 10 * time.Millisecond
	backend := &faultyBackend{Backend: h.New(t)(t)}
	wantBoundedHistory(t, startOn(t, backend, lowDisk{backend, free}, options), free)
}

// lowDisk is a backend whose disk is nearly full.
type lowDisk struct {
	*faultyBackend
	free int64
}

// Disk implements driver.DiskBackend.
func (d lowDisk) Disk() (driver.Disk, error) { return driver.Disk{Free: d.free}, nil }

// CheckWrites implements driver.DiskBackend.
func (lowDisk) CheckWrites() error { return nil }

// wantBoundedHistory has a client write ten times as much as history may have.
func wantBoundedHistory(t *testing.T, p *process, bound int64) {
	t.Helper()
	first := p.mustCreate(t, "a")
	written := int64(0)
	for i := 0; written < 10*bound; i++ {
		// Words that do not compress to nothing.
		var value strings.Builder
		for n := range 4000 {
			fmt.Fprintf(&value, "%x", (n+1)*(i+7)*2654435761)
		}
		if _, err := p.label(t.Context(), "a", strconv.Itoa(i)+value.String()); err != nil {
			t.Fatal(err)
		}
		written += int64(value.Len())
	}
	eventually(t, "history is dropped before its time", func() bool { return p.metric(t, "generic_storage_history_shortened_total") > 0 })
	eventually(t, "it is within its bounds, but for what was written since the last look", func() bool {
		beyond, err := p.backend.RevisionBeyond(t.Context(), 2*bound)
		return err == nil && beyond == 0
	})
	wantExpired(t, p.watch(t, first.ResourceVersion))
	wantEvent(t, p.watch(t, strconv.FormatInt(current(t, p.backend), 10)), watch.Added, p.mustCreate(t, "b"))
}
