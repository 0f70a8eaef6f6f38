package mysqltest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// Replicated are the settings of a server that replicas can follow.
var Replicated = []string{"log-bin", "sync-binlog=1", "server-id=1"}

// NewReplica runs a server that follows this one, which has the settings Replicated, from here on:
// it has the databases that are made afterwards, which are seen through At.
func (s *Server) NewReplica(ctx context.Context) (*Server, error) {
	replica, err := Open(Options{Settings: []string{"server-id=2", "read-only"}})
	if err != nil {
		return nil, fmt.Errorf("replica: %w", err)
	}
	if err := replica.follow(ctx, s); err != nil {
		return nil, fmt.Errorf("replica: %w", errors.Join(err, replica.Close()))
	}
	return replica, nil
}

func (s *Server) follow(ctx context.Context, source *Server) error {
	var position string
	if err := source.admin.QueryRowContext(ctx, "SELECT @@GLOBAL.gtid_binlog_pos").Scan(&position); err != nil {
		return err
	}
	if err := s.Exec(ctx, fmt.Sprintf("SET GLOBAL gtid_slave_pos = '%s'; CHANGE MASTER TO MASTER_HOST = '%s', MASTER_PORT = %d, MASTER_USER = '%s', MASTER_PASSWORD = %s, MASTER_USE_GTID = slave_pos; START REPLICA",
		position, source.Host, source.Port, Username, quoted(Password))); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		var connected int
		err := source.admin.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Binlog Dump'").Scan(&connected)
		if err != nil || connected > 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not connect: %w", ctx.Err())
		case <-time.After(testserver.PollInterval):
		}
	}
}

// At is the database as another server has it: a replica.
func (d Database) At(s *Server) Database {
	d.Host, d.Port, d.server = s.Host, s.Port, s
	return d
}
