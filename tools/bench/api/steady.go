package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// steady writes are made beside nobody, and beside clients that all ask at once for what takes the
// longest: an expression that is decided on each object, and words that nothing has.
var steady = []work{
	{name: "50 writes/s", do: func(ctx context.Context, s *subject, r *result) error { return s.writeSteadily(ctx, r) }},
	{name: fmt.Sprintf("50 writes/s beside %d questions", costlyAtOnce), do: func(ctx context.Context, s *subject, r *result) error {
		asking, stop := context.WithCancel(ctx)
		var clients sync.WaitGroup
		defer clients.Wait()
		defer stop()
		for range costlyAtOnce {
			clients.Go(func() {
				for asking.Err() == nil {
					_, _ = s.ask(asking, costly)
				}
			})
		}
		time.Sleep(time.Second) // until all of them ask
		return s.writeSteadily(ctx, r)
	}},
}

const (
	costlyAtOnce = 100
	steadyFor    = 30 * time.Second
)

var costly = question{
	selector: `filter=object.spec.input.matches("(w1+)+x") || object.hasWords("nothing of the kind")`,
	matches:  hasNone,
}

// writeSteadily has a connection of its own, as another user has.
func (s *subject) writeSteadily(ctx context.Context, r *result) error {
	client, err := newClient(s.config)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	s.patched++
	body := fmt.Sprintf(`{"status":{"jobId":"steady-%d"}}`, s.patched)
	times, err := steadily(ctx, 50, steadyFor, func(ctx context.Context, i int) error {
		_, err := request(ctx, client, s.config.Host, http.MethodPatch, newPath(own+i)+"/status", mergePatch, body)
		return err
	})
	r.Requests = len(times)
	r.took(times)
	return err
}

// steadily makes requests at a rate per second, whether those before have been answered or not, and
// returns how long each took, in order.
func steadily(ctx context.Context, rate int, while time.Duration, do func(ctx context.Context, i int) error) ([]time.Duration, error) {
	times := make([]time.Duration, int(while.Seconds()*float64(rate)))
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	requests, ctx := errgroup.WithContext(ctx)
	for i := range times {
		<-tick.C
		requests.Go(func() error {
			began := time.Now()
			defer func() { times[i] = time.Since(began) }()
			return do(ctx, i)
		})
	}
	return times, requests.Wait()
}
