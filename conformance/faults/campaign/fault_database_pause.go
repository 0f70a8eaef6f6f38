package campaign

import (
	"context"
	"math/rand/v2"
)

var databasePause = fault{
	about:  "all processes of the database stand still (SIGSTOP), and go on",
	shared: true,
	inject: func(_ context.Context, s *system, _ *rand.Rand) (*damage, error) {
		mend := func(context.Context) error { return s.database.Resume() }
		return &damage{mend: mend}, s.database.Pause()
	},
}
