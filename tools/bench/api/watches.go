package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"
)

// watches of one namespace, in which somebody changes objects at a steady rate.
var watches = []work{
	watch("watch by 1", 1, 50),
	watch("watch by 50", 50, 50),
	watch("watch by 500", 500, 20),
	watch("watch by 1000", 1000, 10),
	{name: "watch at another server", do: func(ctx context.Context, s *subject, r *result) error {
		if r.Skipped = len(s.env.Servers) < 2; r.Skipped {
			return nil
		}
		return s.watch(ctx, r, s.env.Servers[1].Config(s.config), 1, 50, "")
	}},
	{name: "1,000 writes/s", do: func(ctx context.Context, s *subject, r *result) error {
		if r.Skipped = !s.selects(); r.Skipped {
			return nil
		}
		return s.watch(ctx, r, s.config, 0, 1000, "")
	}},
	{name: "1,000 writes/s beside 50 watched filters", do: func(ctx context.Context, s *subject, r *result) error {
		if r.Skipped = !s.selects(); r.Skipped {
			return nil
		}
		return s.watch(ctx, r, s.config, 50, 1000, `object.status.tokenUsage.totalTokens > %d && object.spec.target.name in ["agent-1", "agent-2"]`)
	}},
}

// watched is the namespace, and watchedQueries are how many objects change in it.
const (
	watchFor       = 4 * time.Second
	watchedQueries = 100
	stamp          = `"jobId":"`
)

func watch(name string, watchers, rate int) work {
	return work{name: name, do: func(ctx context.Context, s *subject, r *result) error {
		return s.watch(ctx, r, s.config, watchers, rate, "")
	}}
}

// watch counts the changes that are made, and how long after its request each watcher has one.
// filter, if there is one, has another number for each watcher, and lets nothing through.
func (s *subject) watch(ctx context.Context, r *result, where *rest.Config, watchers, rate int, filter string) error {
	const namespace = "team-h"
	path := func(i int) string { return newPath(own + len(namespaces)*i + len(namespaces) - 1) }
	watching, stop := context.WithCancel(ctx)
	defer stop()

	var group errgroup.Group
	var mu sync.Mutex
	var times []time.Duration
	// began is when the changes began that count.
	var began atomic.Int64
	began.Store(math.MaxInt64)
	var client *http.Client
	body, err := s.request(ctx, http.MethodGet, collectionIn(namespace)+"?limit=1", "", "")
	if err != nil {
		return err
	}
	meta, err := metaOf(body)
	if err != nil {
		return err
	}
	for i := range watchers {
		// Clients have few watches each.
		if i%25 == 0 {
			var err error
			if client, err = newClient(where); err != nil {
				return err
			}
			defer client.CloseIdleConnections()
		}
		values := url.Values{"watch": {"true"}, "resourceVersion": {meta.ResourceVersion}, "fieldSelector": {"metadata.name!=none"}}
		if filter != "" {
			values.Set("fieldSelector", "filter="+escape(fmt.Sprintf(filter, 1_000_000+i)))
		}
		response, err := send(watching, client, where.Host, http.MethodGet, collectionIn(namespace)+"?"+values.Encode(), "", "")
		if err != nil {
			return err
		}
		group.Go(func() error {
			defer response.Body.Close()
			var own []time.Duration
			lines := bufio.NewReaderSize(response.Body, 1<<16)
			for {
				line, err := lines.ReadSlice('\n')
				now := time.Now()
				if err != nil && watching.Err() == nil && err != bufio.ErrBufferFull {
					return err
				}
				if watching.Err() != nil {
					mu.Lock()
					times = append(times, own...)
					mu.Unlock()
					return nil
				}
				if at := bytes.LastIndex(line, []byte(stamp)); at >= 0 {
					text, _, _ := bytes.Cut(line[at+len(stamp):], []byte(`"`))
					if sent, err := strconv.ParseInt(string(text), 10, 64); err == nil && sent >= began.Load() {
						own = append(own, now.Sub(time.Unix(0, sent)))
					}
				}
			}
		})
	}
	time.Sleep(time.Second) // until all of them have begun
	m, err := s.meter()
	if err != nil {
		return err
	}
	began.Store(time.Now().UnixNano())
	written, err := steadily(ctx, rate, watchFor, func(ctx context.Context, i int) error {
		body := fmt.Sprintf(`{"status":{"jobId":"%d"}}`, time.Now().UnixNano())
		_, err := s.request(ctx, http.MethodPatch, path(i%watchedQueries)+"/status", mergePatch, body)
		return err
	})
	if err != nil {
		return err
	}
	r.Requests = len(written)
	time.Sleep(200 * time.Millisecond)
	if err := m.read(r); err != nil {
		return err
	}
	stop()
	if err := group.Wait(); err != nil {
		return err
	}
	if filter == "" && len(times) < watchers*r.Requests*9/10 {
		return fmt.Errorf("%d watchers have %d events of %d changes", watchers, len(times), r.Requests)
	}
	r.took(times)
	return nil
}

// escape a value for a field selector.
func escape(value string) string {
	var escaped []byte
	for _, c := range []byte(value) {
		if c == ',' || c == '=' || c == '\\' {
			escaped = append(escaped, '\\')
		}
		escaped = append(escaped, c)
	}
	return string(escaped)
}
