package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
)

var serverKill = fault{
	about: "a server is killed (kill -9), and started again",
	inject: func(_ context.Context, s *system, choice *rand.Rand) (*damage, error) {
		server := s.some(choice)
		return &damage{detail: fmt.Sprintf("server %d", server.index), mend: server.start}, server.end(syscall.SIGKILL)
	},
}
