package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// clients at once.
	clients = 16
	// requests of a sample.
	requests = 2000
)

// own are the queries that writes are measured with.
const own = 50_000_000

// writes to queries that are few.
var writes = []work{
	{name: "lifecycle: create, two statuses, delete", do: func(ctx context.Context, s *subject, r *result) error {
		return many(ctx, r, requests/4, func(i int) error {
			q := newQuery(own + 10_000_000 + i)
			if _, err := s.request(ctx, http.MethodPost, q.collection(), jsonBody, q.create); err != nil {
				return err
			}
			if _, err := s.request(ctx, http.MethodPatch, q.path()+"/status", mergePatch, `{"status":{"phase":"running"}}`); err != nil {
				return err
			}
			if _, err := s.request(ctx, http.MethodPatch, q.path()+"/status", mergePatch, q.complete); err != nil {
				return err
			}
			_, err := s.request(ctx, http.MethodDelete, q.path(), "", "")
			return err
		})
	}},
	{name: "create", always: true, do: func(ctx context.Context, s *subject, r *result) error {
		return many(ctx, r, requests, func(i int) error {
			q := newQuery(own + r.Round*requests + i)
			_, err := s.request(ctx, http.MethodPost, q.collection(), jsonBody, q.create)
			return err
		})
	}},
	{name: "get", do: func(ctx context.Context, s *subject, r *result) error {
		return many(ctx, r, requests, func(i int) error {
			_, err := s.request(ctx, http.MethodGet, newPath(own+i), "", "")
			return err
		})
	}},
	{name: "status patch", do: func(ctx context.Context, s *subject, r *result) error { return s.patchStatuses(ctx, r, own, requests) }},
	{name: "get and update", do: func(ctx context.Context, s *subject, r *result) error {
		return many(ctx, r, requests, func(i int) error {
			object, err := s.request(ctx, http.MethodGet, newPath(own+i), "", "")
			if err != nil {
				return err
			}
			body := strings.Replace(string(object), `"agent-`, fmt.Sprintf(`"round-%d-`, r.Round), 1)
			_, err = s.request(ctx, http.MethodPut, newPath(own+i), jsonBody, body)
			return err
		})
	}},
	{name: "apply", do: func(ctx context.Context, s *subject, r *result) error {
		return many(ctx, r, requests, func(i int) error {
			q := newQuery(own + i)
			body := fmt.Sprintf(`{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":%q,"labels":{"applied":"r%d"}},"spec":{"timeout":"%dm"}}`,
				q.name, r.Round, 1+r.Round)
			_, err := s.request(ctx, http.MethodPatch, q.path()+"?fieldManager=bench&force=true", applyPatch, body)
			return err
		})
	}},
}

// load makes the queries that everything after is about.
func load(objects int) work {
	return work{name: "create and complete", always: true, do: func(ctx context.Context, s *subject, r *result) error {
		if objects >= directly {
			return s.putDirectly(ctx, r, objects)
		}
		return many(ctx, r, objects, func(i int) error {
			q := newQuery(i)
			if _, err := s.request(ctx, http.MethodPost, q.collection(), jsonBody, q.create); err != nil {
				return err
			}
			_, err := s.request(ctx, http.MethodPatch, q.path()+"/status", mergePatch, q.complete)
			return err
		})
	}}
}

// deleteAll is for a whole namespace.
var deleteAll = work{name: "deletecollection", do: func(ctx context.Context, s *subject, r *result) error {
	body, err := s.request(ctx, http.MethodGet, collectionIn(namespaces[0])+"?limit=1", "", "")
	if err != nil {
		return err
	}
	before, err := remaining(body)
	if err != nil {
		return err
	}
	r.Requests = before
	// A server gives up after a minute; what it has not deleted is deleted by the next request.
	for {
		_, err := s.request(ctx, http.MethodDelete, collectionIn(namespaces[0]), "", "")
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
	}
}}

// newPath is that of the i-th query.
func newPath(i int) string {
	return collectionIn(namespaces[i%len(namespaces)]) + "/" + url.PathEscape(fmt.Sprintf("query-%07d", i))
}

// patchStatuses of queries from the first on.
func (s *subject) patchStatuses(ctx context.Context, r *result, first, n int) error {
	s.patched++
	body := fmt.Sprintf(`{"status":{"jobId":"job-%d"}}`, s.patched)
	return many(ctx, r, n, func(i int) error {
		_, err := s.request(ctx, http.MethodPatch, newPath(first+i)+"/status", mergePatch, body)
		return err
	})
}

// many does something n times, by several clients, and notes how long each took.
func many(ctx context.Context, r *result, n int, do func(i int) error) error {
	r.Requests = n
	times := make([]time.Duration, n)
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range clients {
		group.Go(func() error {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				began := time.Now()
				if err := do(i); err != nil {
					return err
				}
				times[i] = time.Since(began)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r.took(times)
	return nil
}
