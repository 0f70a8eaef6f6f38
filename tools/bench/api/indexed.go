package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/environment"
)

// makeIndex has each server that is asked index the kind. Custom resources have no index.
var makeIndex = work{name: "making an index", do: func(ctx context.Context, s *subject, r *result) error {
	if r.Skipped = !s.selects(); r.Skipped {
		return nil
	}
	asked := s.env.Servers
	if s.env.Mode == environment.Standalone {
		asked = asked[:1] // kube-apiserver would ask the others, too
	}
	for i := range asked {
		if err := s.indexOf(ctx, asked[i].Config(s.config), r); err != nil {
			return err
		}
	}
	r.Requests = len(asked)
	return nil
}}

// indexOf has a server make its index, and waits for it.
func (s *subject) indexOf(ctx context.Context, config *rest.Config, r *result) error {
	client, err := newClient(config)
	if err != nil {
		return err
	}
	const resource = "queries.ark.ai"
	if _, err := request(ctx, client, config.Host, http.MethodPost, "/indexes/"+resource, "", ""); err != nil {
		return err
	}
	for ; ; time.Sleep(100 * time.Millisecond) {
		body, err := request(ctx, client, config.Host, http.MethodGet, "/indexes", "", "")
		if err != nil {
			return err
		}
		var indexes []struct {
			Resource, State string
			Bytes           int64
		}
		if err := json.Unmarshal(body, &indexes); err != nil {
			return err
		}
		for _, index := range indexes {
			switch {
			case index.Resource != resource:
			case index.State == "ready":
				r.MiB = float64(index.Bytes) / (1 << 20)
				return nil
			case index.State == "none":
				return fmt.Errorf("%s does not make an index", s.name)
			}
		}
	}
}

// indexed is what is asked and written once there is an index.
var indexed = slices.Concat(askAll(withIndex), []work{
	{name: "status patch" + withIndex, do: func(ctx context.Context, s *subject, r *result) error {
		if r.Skipped = !s.selects(); r.Skipped {
			return nil
		}
		return s.patchStatuses(ctx, r, own, requests)
	}},
	{name: "create" + withIndex, do: func(ctx context.Context, s *subject, r *result) error {
		if r.Skipped = !s.selects(); r.Skipped {
			return nil
		}
		return many(ctx, r, requests, func(i int) error {
			q := newQuery(own + 1_000_000 + r.Round*requests + i)
			_, err := s.request(ctx, http.MethodPost, q.collection(), jsonBody, q.create)
			return err
		})
	}},
})
