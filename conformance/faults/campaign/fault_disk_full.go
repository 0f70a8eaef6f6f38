package campaign

import (
	"context"
	"math/rand/v2"
	"time"
)

// diskFull is the fault that needs a disk of its own.
const diskFull = "disk-full"

var diskFilled = fault{
	about: "no room is left where the database is; needs root",
	hold:  4 * time.Second,
	asked: true,
	inject: func(_ context.Context, s *system, _ *rand.Rand) (*damage, error) {
		mend := func(context.Context) error { return s.disk.free() }
		return &damage{mend: mend}, s.disk.fill()
	},
}
