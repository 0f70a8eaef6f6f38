package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// NewStandby runs a copy of the server that follows it. With synchronous every commit waits from
// then on until the standby has it on disk. Databases of the server are seen through At.
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
	if err == nil && synchronous {
		// Commits wait from when the checkpointer has read the settings, which it does before it
		// makes a checkpoint.
		err = s.Exec(ctx, "CHECKPOINT")
	}
	if err != nil {
		return nil, fmt.Errorf("standby: %w", errors.Join(err, standby.Close()))
	}
	return standby, nil
}

// copy fills the data directory with what another server has.
func (s *Server) copy(from *Server) error {
	copying, err := account.Command(s.Dir, filepath.Join(s.programs, "pg_basebackup"), "--pgdata", s.dataDir(), "--host", from.Dir,
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
	state := "state = 'streaming'"
	if synchronous {
		state += " AND sync_state = 'sync'"
	}
	return s.await(ctx, "SELECT count(*) > 0 FROM pg_stat_replication WHERE "+state)
}

// StopFollowing leaves a standby with what it has.
func (s *Server) StopFollowing(ctx context.Context) error {
	for _, statement := range []string{"ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()"} {
		if err := s.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return s.await(ctx, "SELECT count(*) = 0 FROM pg_stat_wal_receiver")
}

// await waits until a query answers true.
func (s *Server) await(ctx context.Context, query string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	conn, err := Database{Name: "postgres", server: s}.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for {
		var holds bool
		if err := conn.QueryRow(ctx, query).Scan(&holds); err != nil || holds {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", query, ctx.Err())
		case <-time.After(testserver.PollInterval):
		}
	}
}

// Promote has a standby take writes, and waits until it does. Nobody may write to the server that
// it followed.
func (s *Server) Promote(ctx context.Context) error {
	return s.Exec(ctx, "SELECT pg_promote(true, 60)")
}

// At is the database as another server has it: a standby, or a copy.
func (d Database) At(s *Server) Database {
	d.Host, d.Port, d.server = s.Host, s.Port, s
	return d
}
