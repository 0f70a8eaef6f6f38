package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"ark.ai/apiserver/src/server/database"
)

func TestEventsAreObjects(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	out := events{&log}
	fmt.Fprintf(out, "Copied %d \"objects\".\nAnd so on.\n", 3)
	sayProgress(out, "Copying", 0)(database.Progress{Rows: 5, Expected: 7})
	var got []event
	for decoder := json.NewDecoder(&log); decoder.More(); {
		var e event
		if err := decoder.Decode(&e); err != nil {
			t.Fatal(err)
		}
		if e.Time.IsZero() {
			t.Errorf("%+v has no time", e)
		}
		e.Time = time.Time{}
		got = append(got, e)
	}
	if want := []event{{Message: `Copied 3 "objects".`}, {Message: "And so on."}, {Message: "Copying", Objects: 5, Of: 7}}; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestProgressInALog(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		every time.Duration
		want  string
	}{{0, "Copying: 1 of 5 objects.\nCopying: 3 of 5 objects.\n"}, {time.Hour, ""}} {
		var log bytes.Buffer
		report := sayProgress(&log, "Copying", test.every)
		report(database.Progress{Rows: 1, Expected: 5})
		report(database.Progress{Rows: 3, Expected: 5})
		if got := log.String(); got != test.want {
			t.Errorf("every %s it says %q", test.every, got)
		}
	}
}
