package campaign

import (
	"context"
	"math/rand/v2"
	"syscall"
)

var databaseRestart = fault{
	about:  "the database is shut down (SIGINT), and started again",
	driver: onPostgreSQL,
	inject: func(_ context.Context, s *system, _ *rand.Rand) (*damage, error) {
		mend := func(context.Context) error { return s.postgres.Run() }
		return &damage{mend: mend}, s.postgres.End(syscall.SIGINT)
	},
}
