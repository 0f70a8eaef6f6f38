package kubectl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const watchTimeout = 20 * time.Second

// printsRows waits for rows of a table, and wants them in this order and no others. The last column is not looked at.
func (r *running) printsRows(t *testing.T, want ...string) {
	t.Helper()
	eventually(t, watchTimeout, func() error {
		if got := rows(r.stdout.String()); len(got) < len(want) {
			return fmt.Errorf("%s has printed %d rows of %d:\n%s%s", r.name, len(got), len(want), r.stdout.String(), r.stderr.String())
		}
		return nil
	})
	wantRows(t, r.stdout.String(), want...)
}

func TestWatchWhatOthersDo(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(query("first", "a")).ok(t, "create", "-f", "-")
		watch := read.start(t, "get", "queries", "-w")
		watch.printsRows(t, "NAME TYPE PHASE DURATION", "first user")

		write.given(query("second", "a")).ok(t, "create", "-f", "-")
		write.ok(t, setPhase("second", "running")...)
		write.ok(t, "patch", "query", "first", "--type=merge", "-p", `{"spec":{"type":"messages","input":[{"role":"user","content":"Hi."}]}}`)
		write.ok(t, setPhase("second", "done")...)
		// No change, no event.
		write.ok(t, setPhase("second", "done")...)
		write.ok(t, "delete", "query", "second")
		write.ok(t, "delete", "query", "first")
		watch.printsRows(t, "NAME TYPE PHASE DURATION", "first user",
			"second user", "second user running", "first messages", "second user done", "second user done", "first messages")
	})
}

// An event as --output-watch-events prints it.
type event struct {
	Type   string
	Object unstructured.Unstructured
}

func TestWatchEventsOnly(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(query("before", "a")).ok(t, "create", "-f", "-")
		watch := read.start(t, "get", "queries", "--watch-only", "--output-watch-events", "-o", "json", "-v=6", "-l", "!quiet")
		watch.begins(t)

		write.given(query("ask", "a")).ok(t, "create", "-f", "-")
		write.ok(t, "patch", "query", "ask", "--type=merge", "-p", `{"spec":{"timeout":"1m"}}`)
		write.ok(t, setPhase("ask", "done")...)
		// It leaves what the selector selects, and comes back.
		write.ok(t, "label", "query", "ask", "quiet=yes")
		write.ok(t, setPhase("ask", "error")...)
		write.ok(t, "label", "query", "ask", "quiet-")
		write.ok(t, "delete", "query", "ask")

		want := []string{"ADDED ask 1 ", "MODIFIED ask 2 ", "MODIFIED ask 2 done", "DELETED ask 2 done", "ADDED ask 2 error", "DELETED ask 2 error"}
		var got []event
		eventually(t, watchTimeout, func() (err error) {
			if got, err = events(watch.stdout.String()); err == nil && len(got) < len(want) {
				err = fmt.Errorf("%d events of %d:\n%s", len(got), len(want), watch.stdout.String())
			}
			return err
		})
		var revision int64
		var seen []string
		for _, event := range got {
			phase, _, _ := unstructured.NestedString(event.Object.Object, "status", "phase")
			seen = append(seen, fmt.Sprintf("%s %s %d %s", event.Type, event.Object.GetName(), event.Object.GetGeneration(), phase))
			next, err := strconv.ParseInt(event.Object.GetResourceVersion(), 10, 64)
			if err != nil || next <= revision {
				t.Errorf("%s: resourceVersion %q after %d", event.Type, event.Object.GetResourceVersion(), revision)
			}
			revision = next
		}
		if !slices.Equal(seen, want) {
			t.Errorf("events\n%s\nnot\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestWatchOneQueryUntilItIsGone(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(query("ask", "a")+"---"+query("other", "a")).ok(t, "create", "-f", "-")
		byName := read.start(t, "get", "query", "ask", "-w", "--no-headers")
		byField := read.start(t, "get", "queries", "--field-selector", "status.phase=done", "-w", "-o", "name", "-v=6")
		byName.printsRows(t, "ask user")
		byField.begins(t)
		write.ok(t, setPhase("other", "done")...)
		write.ok(t, setPhase("ask", "done")...)
		write.ok(t, "delete", "query", "ask")
		byName.printsRows(t, "ask user", "ask user done", "ask user done")
		eventually(t, watchTimeout, func() error {
			if got, want := byField.stdout.String(), "query.ark.ai/other\nquery.ark.ai/ask\nquery.ark.ai/ask\n"; got != want {
				return fmt.Errorf("watch by field: %q, want %q", got, want)
			}
			return nil
		})
	})
}

// begins waits until the server has answered the request to watch. The command needs -v=6.
func (r *running) begins(t *testing.T) {
	t.Helper()
	eventually(t, watchTimeout, func() error {
		if !strings.Contains(r.stderr.String(), "watch=true") {
			return errors.New("the watch has not begun: " + r.stderr.String())
		}
		return nil
	})
}

// events are those that are complete.
func events(stream string) ([]event, error) {
	var all []event
	decoder := json.NewDecoder(strings.NewReader(stream))
	for {
		var next event
		err := decoder.Decode(&next)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, next)
	}
}
