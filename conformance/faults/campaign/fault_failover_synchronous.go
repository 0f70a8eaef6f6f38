package campaign

import (
	"context"
	"math/rand/v2"
)

var failoverSynchronous = fault{
	about:  "the database gets a synchronous standby, is killed (kill -9), and the standby takes its place",
	driver: onPostgreSQL,
	moves:  true,
	inject: func(ctx context.Context, s *system, _ *rand.Rand) (*damage, error) {
		standby, err := s.postgres.NewStandby(ctx, true)
		if err != nil {
			return nil, err
		}
		return s.replaceBy(ctx, standby)
	},
}
