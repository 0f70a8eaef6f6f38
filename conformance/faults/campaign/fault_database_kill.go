package campaign

import (
	"context"
	"math/rand/v2"
	"syscall"
)

var databaseKill = fault{
	about:  "the main process of the database is killed (kill -9), and started again",
	shared: true,
	inject: func(_ context.Context, s *system, _ *rand.Rand) (*damage, error) {
		mend := func(context.Context) error { return s.database.Run() }
		return &damage{mend: mend}, s.database.End(syscall.SIGKILL)
	},
}
