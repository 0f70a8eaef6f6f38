package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
)

var serverPause = fault{
	about: "a server stands still (SIGSTOP), and goes on",
	inject: func(_ context.Context, s *system, choice *rand.Rand) (*damage, error) {
		server := s.some(choice)
		mend := func(context.Context) error { return server.signal(syscall.SIGCONT) }
		return &damage{detail: fmt.Sprintf("server %d", server.index), mend: mend}, server.signal(syscall.SIGSTOP)
	},
}
