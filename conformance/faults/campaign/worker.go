package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/faults/record"
)

const (
	// pace is how long a client rests between two requests, on average.
	pace = 12 * time.Millisecond
	// respite is how long it rests if there was no answer.
	respite = 60 * time.Millisecond
)

// worker is a client that reads and writes, one request after the other.
type worker struct {
	*client
	clock   clock
	history *record.History
	view    *view
	choice  *rand.Rand
	written int
	// gate is closed by faults that need a moment without requests.
	gate *sync.RWMutex
}

// run works until ctx ends. What is under way then is brought to its end.
func (w *worker) run(ctx context.Context) {
	requests := context.WithoutCancel(ctx)
	for {
		rest := time.Duration(w.choice.Int64N(int64(2 * pace)))
		w.gate.RLock()
		outcome := w.step(requests)
		w.gate.RUnlock()
		if outcome == record.Unknown {
			rest = respite
		}
		if !pause(ctx, rest) {
			return
		}
	}
}

// step does something to a key, through some server.
func (w *worker) step(ctx context.Context) record.Outcome {
	server, key := w.choice.IntN(len(w.servers)), w.view.key(w.choice)
	item, known := w.view.object(key)
	switch n := w.choice.IntN(100); {
	case n < 8:
		return w.list(ctx, server)
	case n < 35:
		return w.get(ctx, server, key)
	case n < 45 || !known:
		return w.write(ctx, server, record.Create, key, 0)
	case n < 65:
		return w.write(ctx, server, record.Update, key, item.Revision)
	case n < 70:
		return w.write(ctx, server, record.Update, key, 0)
	case n < 88:
		return w.write(ctx, server, record.Patch, key, 0)
	case n < 97:
		return w.write(ctx, server, record.Delete, key, item.Revision)
	}
	return w.write(ctx, server, record.Delete, key, 0)
}

func (w *worker) get(ctx context.Context, server int, key string) record.Outcome {
	o := record.Operation{Client: w.id, Server: server, Verb: record.Get, Key: key, Call: w.clock.now()}
	a := do(ctx, w.request(server, "GET", key))
	o.Return = w.clock.now()
	judge(&o, a)
	if o.Outcome == record.Done {
		o.Found, o.Revision = a.Spec.Address.Value, a.revision()
	}
	return w.note(o)
}

// write has expected 0 if any version will do.
func (w *worker) write(ctx context.Context, server int, verb record.Verb, key string, expected int64) record.Outcome {
	o := record.Operation{Client: w.id, Server: server, Verb: verb, Key: key, Expected: expected}
	if verb != record.Delete {
		w.written++
		o.Value = fmt.Sprintf("w%d-%d", w.id, w.written)
	}
	r := w.request(server, "POST", "").Body(written(key, o.Value, 0))
	switch verb {
	case record.Update:
		r = w.request(server, "PUT", key).Body(written(key, o.Value, expected))
	case record.Patch:
		r = w.request(server, "PATCH", key).Body(patched(o.Value)).SetHeader("Content-Type", string(types.MergePatchType))
	case record.Delete:
		r = w.request(server, "DELETE", key).Body(deleting(expected))
	}
	if verb != record.Patch {
		r.SetHeader("Content-Type", "application/json")
	}
	o.Call = w.clock.now()
	a := do(ctx, r)
	o.Return = w.clock.now()
	judge(&o, a)
	if o.Outcome == record.Done && verb != record.Delete {
		o.Revision = a.revision()
	}
	return w.note(o)
}

// note records an operation, and shares what it showed.
func (w *worker) note(o record.Operation) record.Outcome {
	w.history.AddOperation(o)
	for _, item := range o.Known() {
		w.view.saw(item)
	}
	if o.Verb == record.Delete && o.Outcome == record.Done || o.Outcome == record.Refused && o.Code == 404 {
		w.view.missed(o.Key)
	}
	return o.Outcome
}
