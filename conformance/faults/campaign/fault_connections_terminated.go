package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

var connectionsTerminated = fault{
	about:  "all connections to the database are terminated, several times (pg_terminate_backend)",
	driver: onPostgreSQL,
	inject: func(ctx context.Context, s *system, choice *rand.Rand) (*damage, error) {
		times := 1 + choice.IntN(8)
		for range times {
			err := s.postgres.Exec(ctx, fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", s.postgres.database.Name))
			if err != nil {
				return nil, err
			}
			if !pause(ctx, time.Duration(choice.Int64N(int64(200*time.Millisecond)))) {
				return nil, ctx.Err()
			}
		}
		return &damage{detail: fmt.Sprintf("%d times", times)}, nil
	},
}
