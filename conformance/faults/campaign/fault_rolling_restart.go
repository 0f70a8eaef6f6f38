package campaign

import (
	"context"
	"math/rand/v2"
	"syscall"
)

var rollingRestart = fault{
	about: "the servers are told to stop (SIGTERM) and started again, one after the other",
	inject: func(ctx context.Context, s *system, _ *rand.Rand) (*damage, error) {
		for _, server := range s.servers {
			if err := server.end(syscall.SIGTERM); err != nil {
				return nil, err
			}
			if err := server.start(ctx); err != nil {
				return nil, err
			}
		}
		return &damage{}, nil
	},
}
