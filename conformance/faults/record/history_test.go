package record_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"ark.ai/apiserver/conformance/faults/record"
)

// A file has all of a history.
func TestFile(t *testing.T) {
	h := &record.History{
		Campaign: record.Campaign{Seed: 1, Driver: "sqlite", Faults: []string{"server-kill"}, Start: 7},
		Faults:   []record.Fault{{Name: "server-kill", Injected: time.Second, Removed: 2 * time.Second, Healed: 3 * time.Second, Safe: 9}},
	}
	h.AddOperation(record.Operation{Client: 1, Verb: record.List, Expected: -1, Outcome: record.Done, Revision: 8,
		Items: []record.Item{{Key: "a", Value: "a1", Revision: 8}}})
	h.AddWatch(record.Watch{From: 7, Events: []record.Event{{At: time.Second, Type: record.Added, Key: "a", Value: "a1", Revision: 8}}})
	path := filepath.Join(t.TempDir(), "recording.jsonl")
	if err := h.Save(path); err != nil {
		t.Fatal(err)
	}
	loaded, err := record.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(loaded, h) {
		t.Errorf("saved %+v\nloaded %+v", h, loaded)
	}
}
