package campaign

import (
	"context"
	"math/rand/v2"
)

var databaseRestart = fault{
	about:  "the database is shut down, and started again",
	shared: true,
	inject: func(_ context.Context, s *system, _ *rand.Rand) (*damage, error) {
		mend := func(context.Context) error { return s.database.Run() }
		return &damage{mend: mend}, s.database.shutDown()
	},
}
