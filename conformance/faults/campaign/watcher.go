package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/faults/record"
)

// watcher is a client that watches, and lists where it has to.
type watcher struct{ *worker }

// eventTypes are what is sent.
var eventTypes = map[string]record.Type{"ADDED": record.Added, "MODIFIED": record.Modified, "DELETED": record.Deleted, "BOOKMARK": record.Bookmark}

// watch watches as w says until ctx ends, the server ends it, or it has seen revision w.Until, if
// that is not 0. Before each event it takes rest. What it saw is recorded.
func (c *watcher) watch(ctx context.Context, w record.Watch, rest time.Duration) record.Watch {
	w.Client, w.Begin = c.id, c.clock.now()
	err := c.stream(ctx, &w, rest)
	w.End = c.clock.now()
	if err != nil && ctx.Err() == nil {
		// It had no time to get anywhere; whoever wants that tries again.
		w.Until, w.Text = 0, textOf(err)
		var status apierrors.APIStatus
		if errors.As(err, &status) {
			w.Code = int(status.Status().Code)
		}
	}
	c.history.AddWatch(w)
	return w
}

func (c *watcher) stream(ctx context.Context, w *record.Watch, rest time.Duration) error {
	r := c.request(w.Server, "GET", "").Param("watch", "true").Param("allowWatchBookmarks", "true")
	if w.Initial {
		r.Param("sendInitialEvents", "true").Param("resourceVersionMatch", string(metav1.ResourceVersionMatchNotOlderThan))
	} else {
		r.Param("resourceVersion", strconv.FormatInt(w.From, 10))
	}
	body, err := r.Stream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	decoder := json.NewDecoder(body)
	began := !w.Initial
	for {
		var frame struct {
			Type   string `json:"type"`
			Object object `json:"object"`
		}
		if err := decoder.Decode(&frame); err != nil {
			return err
		}
		if frame.Type == "ERROR" {
			return &apierrors.StatusError{ErrStatus: metav1.Status{Code: int32(frame.Object.Code), Message: frame.Object.Message}}
		}
		e := record.Event{
			At: c.clock.now(), Type: eventTypes[frame.Type], Key: frame.Object.Metadata.Name,
			Value: frame.Object.Spec.Address.Value, Revision: frame.Object.revision(),
		}
		switch {
		case frame.Object.Metadata.Annotations[metav1.InitialEventsAnnotationKey] == "true":
			e.Type, began = record.Began, true
		case !began:
			e.Type = record.Initial
		}
		w.Events = append(w.Events, e)
		if e.Changes() && e.Type != record.Deleted {
			c.view.saw(record.Item{Key: e.Key, Value: e.Value, Revision: e.Revision})
		}
		if began && w.Until > 0 && e.Revision >= w.Until {
			return nil
		}
		if rest > 0 && !pause(ctx, rest) {
			return nil
		}
	}
}

// wander watches from one revision after another, through one server after the other, until ctx
// ends.
func (c *watcher) wander(ctx context.Context, slow bool) {
	for ctx.Err() == nil {
		w := record.Watch{Server: c.choice.IntN(len(c.servers)), From: c.view.revision(c.choice)}
		if c.choice.IntN(4) == 0 {
			w.From, w.Initial = 0, true
		}
		var rest time.Duration
		if slow {
			rest = time.Duration(c.choice.Int64N(int64(100 * time.Millisecond)))
		}
		watching, cancel := context.WithTimeout(ctx, time.Duration(c.choice.Int64N(int64(3*time.Second))))
		if w = c.watch(watching, w, rest); len(w.Events) == 0 {
			pause(watching, respite)
		}
		cancel()
	}
}

// follow watches one server from a revision on and goes on whenever it is interrupted, until it has
// seen the revision that last tells, or ctx ends.
func (c *watcher) follow(ctx context.Context, server int, from int64, last <-chan int64) {
	following, cancel := context.WithCancel(ctx)
	defer cancel()
	var until int64
	// Ends with the first of the two.
	go func() {
		select {
		case until = <-last:
			cancel()
		case <-following.Done():
		}
	}()
	for following.Err() == nil {
		from = c.goOn(following, record.Watch{Server: server, From: from})
	}
	for until > from && ctx.Err() == nil {
		from = c.goOn(ctx, record.Watch{Server: server, From: from, Until: until})
	}
}

// goOn watches once, and returns where to go on.
func (c *watcher) goOn(ctx context.Context, w record.Watch) int64 {
	w = c.watch(ctx, w, 0)
	from := w.From
	for _, e := range w.Events {
		from = max(from, e.Revision)
	}
	if w.Code == http.StatusGone {
		if listed := c.listAs(ctx, w.Server, record.Operation{Expected: -1}, 0); listed.Outcome == record.Done {
			from = listed.Revision
		}
	}
	if from == w.From {
		pause(ctx, respite)
	}
	return from
}
