package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
)

// deadCount is how many watchers there are that never read.
const deadCount = 20

var deadWatchers = fault{
	about: "watchers that ask for everything and never read an event",
	inject: func(ctx context.Context, s *system, choice *rand.Rand) (*damage, error) {
		server := s.some(choice)
		// Another client than those whose answers are recorded: nobody else shares its connections.
		var bodies []io.Closer
		end := func(context.Context) error {
			var errs []error
			for _, body := range bodies {
				errs = append(errs, body.Close())
			}
			return errors.Join(errs...)
		}
		for range deadCount {
			c, err := newClient(0, s.servers)
			if err != nil {
				return nil, errors.Join(err, end(ctx))
			}
			r := c.request(server.index, "GET", "").Param("watch", "true").Param("resourceVersion", "0")
			body, err := r.Stream(ctx)
			if err != nil {
				return nil, errors.Join(err, end(ctx))
			}
			bodies = append(bodies, body)
		}
		return &damage{detail: fmt.Sprintf("%d at server %d", deadCount, server.index), mend: end}, nil
	},
}
