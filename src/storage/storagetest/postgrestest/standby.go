package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

// NewStandby runs a copy of the server that follows it. With synchronous every commit waits from then on until the standby
// has it on disk. Databases of the server are seen through At.
func (s *Server) NewStandby(ctx context.Context, synchronous bool) (*Server, error) {
	standby, err := open(Options{Parent: s.parent}, s.programs, func(standby *Server) error { return standby.copy(s) })
	if err != nil {
		return nil, err
	}
	if synchronous {
		err = s.Exec(ctx, "ALTER SYSTEM SET synchronous_standby_names = '*'")
		if err == nil {
			err = s.Exec(ctx, "SELECT pg_reload_conf()")
		}
	}
	if err == nil {
		err = s.awaitStandby(ctx, synchronous)
	}
	if err != nil {
		return nil, fmt.Errorf("standby: %w", errors.Join(err, standby.Close()))
	}
	return standby, nil
}

// copy fills the data directory with what another server has.
func (s *Server) copy(from *Server) error {
	copying, err := command(s.Dir, filepath.Join(s.programs, "pg_basebackup"), "--pgdata", s.dataDir(), "--host", from.Dir,
		"--port", strconv.Itoa(from.Port), "--username", Username, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
	if err != nil {
		return err
	}
	if output, err := copying.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_basebackup: %w\n%s", err, output)
	}
	return s.configure("unix_socket_directories = '"+s.Dir+"'", "wal_receiver_status_interval = 1s")
}

// awaitStandby waits until a standby follows.
func (s *Server) awaitStandby(ctx context.Context, synchronous bool) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	conn, err := Database{Name: "postgres", server: s}.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for {
		var following int
		err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND (sync_state = 'sync' OR NOT $1)",
			synchronous).Scan(&following)
		if err != nil || following > 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not follow: %w", ctx.Err())
		case <-time.After(pollInterval):
		}
	}
}

// Promote has a standby take writes, and waits until it does. Nobody may write to the server that it followed.
func (s *Server) Promote(ctx context.Context) error {
	return s.Exec(ctx, "SELECT pg_promote(true, 60)")
}

// At is the database as another server has it: a standby, or a copy.
func (d Database) At(s *Server) Database {
	d.Host, d.Port, d.server = s.Host, s.Port, s
	return d
}
