package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

var connectionsTerminated = fault{
	about:  "all connections to the database are terminated, several times",
	shared: true,
	inject: func(ctx context.Context, s *system, choice *rand.Rand) (*damage, error) {
		times := 1 + choice.IntN(8)
		for range times {
			if err := s.database.disconnect(ctx); err != nil {
				return nil, err
			}
			if !pause(ctx, time.Duration(choice.Int64N(int64(200*time.Millisecond)))) {
				return nil, ctx.Err()
			}
		}
		return &damage{detail: fmt.Sprintf("%d times", times)}, nil
	},
}
