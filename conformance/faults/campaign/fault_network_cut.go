package campaign

import (
	"context"
	"math/rand/v2"
)

var networkCut = fault{
	about:  "connections between servers and database are closed, and others refused",
	shared: true,
	inject: func(_ context.Context, s *system, choice *rand.Rand) (*damage, error) {
		proxies, detail := s.someProxies(choice)
		for _, p := range proxies {
			p.cut()
		}
		return &damage{detail: detail, mend: mendAll(proxies)}, nil
	},
}

func mendAll(proxies []*proxy) func(context.Context) error {
	return func(context.Context) error {
		for _, p := range proxies {
			p.mend()
		}
		return nil
	}
}
