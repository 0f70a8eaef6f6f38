package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
)

var networkBlackhole = fault{
	about:  "what goes one way between servers and database vanishes, from the middle of a message on",
	shared: true,
	inject: func(_ context.Context, s *system, choice *rand.Rand) (*damage, error) {
		proxies, whose := s.someProxies(choice)
		direction := way(choice.IntN(2))
		for _, p := range proxies {
			p.swallow(direction)
		}
		return &damage{detail: fmt.Sprintf("%s, %s", direction, whose), mend: mendAll(proxies)}, nil
	},
}
