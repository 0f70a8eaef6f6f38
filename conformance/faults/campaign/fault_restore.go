package campaign

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"
)

var restored = fault{
	about:  "an older dump is restored under the running servers: writes are lost",
	driver: onPostgreSQL,
	moves:  true,
	loses:  true,
	inject: func(ctx context.Context, s *system, choice *rand.Rand) (*damage, error) {
		dump, err := s.postgres.database.Dump()
		if err != nil {
			return nil, err
		}
		if !pause(ctx, time.Duration(choice.Int64N(int64(time.Second)))) {
			return nil, ctx.Err()
		}
		// Without requests it is known which of them came before.
		s.gate.Lock()
		d := &damage{}
		d.mend = func(context.Context) error {
			defer s.gate.Unlock()
			newest, err := s.postgres.database.Restore(dump, "SELECT max(revision) FROM ark.log")
			if err != nil {
				return err
			}
			d.safe, err = strconv.ParseInt(newest, 10, 64)
			return err
		}
		return d, nil
	},
}
