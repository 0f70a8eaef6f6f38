package campaign

import (
	"context"
	"math/rand/v2"
	"syscall"
)

var databaseKill = fault{
	about:  "the main process of the database is killed (kill -9), and started again",
	driver: onPostgreSQL,
	inject: func(_ context.Context, s *system, _ *rand.Rand) (*damage, error) {
		mend := func(context.Context) error { return s.postgres.Run() }
		return &damage{mend: mend}, s.postgres.End(syscall.SIGKILL)
	},
}
