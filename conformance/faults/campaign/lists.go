package campaign

import (
	"context"
	"strconv"

	"ark.ai/apiserver/conformance/faults/record"
)

// list makes one of the lists that there are: consistent, in one piece or in pages; whatever the
// cache has; not older than a revision; exactly at one.
func (w *worker) list(ctx context.Context, server int) record.Outcome {
	o := record.Operation{Expected: -1}
	limit := 0
	switch w.choice.IntN(6) {
	case 0:
		o.Expected = 0
	case 1:
		o.Expected, o.Match = w.view.newestRevision(), "NotOlderThan"
	case 2:
		o.Expected, o.Match = w.view.revision(w.choice), "Exact"
	case 3:
		limit = 1 + w.choice.IntN(5)
	}
	return w.listAs(ctx, server, o, limit).Outcome
}

// listAs lists as an operation says, limit objects at a time, 0: all.
func (w *worker) listAs(ctx context.Context, server int, o record.Operation, limit int) record.Operation {
	o.Client, o.Server, o.Verb, o.Call = w.id, server, record.List, w.clock.now()
	var next string
	for {
		r := w.request(server, "GET", "")
		if limit > 0 {
			r.Param("limit", strconv.Itoa(limit))
		}
		switch {
		case next != "":
			r.Param("continue", next)
		case o.Expected >= 0:
			r.Param("resourceVersion", strconv.FormatInt(o.Expected, 10))
			if o.Match != "" {
				r.Param("resourceVersionMatch", o.Match)
			}
		}
		a := do(ctx, r)
		o.Return = w.clock.now()
		o.Pages++
		judge(&o, a)
		if o.Outcome != record.Done {
			o.Items = nil
			w.note(o)
			return o
		}
		// Pages of different revisions make a list that is wrong at the last of them.
		o.Revision = a.revision()
		for _, item := range a.Items {
			o.Items = append(o.Items, record.Item{Key: item.Metadata.Name, Value: item.Spec.Address.Value, Revision: item.revision()})
		}
		if next = a.Metadata.Continue; next == "" {
			w.note(o)
			return o
		}
	}
}
