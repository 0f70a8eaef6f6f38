package postgrestest

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 30 * time.Second
)

// start waits until the server answers.
func (s *Server) start() error {
	s.process.Lock()
	defer s.process.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for {
		err := s.launch(ctx)
		if err == nil {
			break
		}
		// After Kill the old processes hold on to shared memory for a moment.
		select {
		case <-ctx.Done():
			return err
		case <-time.After(testserver.PollInterval):
		}
	}
	return s.process.Guard(s.Dir, `kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"`)
}

func (s *Server) launch(ctx context.Context) error {
	cmd, err := account.Command(s.Dir, filepath.Join(s.programs, "postgres"), "-D", s.dataDir(), "-p", strconv.Itoa(s.Port))
	if err != nil {
		return err
	}
	return s.process.Launch(ctx, cmd, s.log, func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s port=%d user=%s dbname=postgres", s.Dir, s.Port, Username))
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	})
}
