package campaign

import (
	"context"
	"math/rand/v2"
	"time"
)

var failoverAsynchronous = fault{
	about:  "the database gets a standby that falls behind, is killed (kill -9), and the standby takes its place: writes are lost",
	driver: onPostgreSQL,
	moves:  true,
	loses:  true,
	inject: func(ctx context.Context, s *system, choice *rand.Rand) (*damage, error) {
		standby, err := s.postgres.NewStandby(ctx, false)
		if err != nil {
			return nil, err
		}
		if err := standby.StopFollowing(ctx); err != nil {
			return nil, err
		}
		if !pause(ctx, time.Duration(choice.Int64N(int64(time.Second)))) {
			return nil, ctx.Err()
		}
		return s.replaceBy(ctx, standby)
	},
}
