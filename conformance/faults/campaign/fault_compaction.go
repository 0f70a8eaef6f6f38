package campaign

import (
	"context"
	"math/rand/v2"
	"time"
)

// compaction is the fault that needs servers with the smallest window.
const compaction = "compaction"

// compactionWindow is as short as it can be.
const compactionWindow = time.Minute

var compacted = fault{
	about: "nothing breaks, but servers keep no more than a minute of history: what is older is gone while clients ask for it",
	// Until there is something older.
	hold:  compactionWindow + 15*time.Second,
	asked: true,
	inject: func(context.Context, *system, *rand.Rand) (*damage, error) {
		return &damage{mend: func(context.Context) error { return nil }}, nil
	},
}
