package postgrestest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// Archiving are the settings of a server that archives its write-ahead log, as RestoreTo needs.
var Archiving = []string{"archive_mode = on", "archive_command = 'mkdir -p ../archive && cp %p ../archive/%f'"}

// RestoreTo makes a base backup of a server that archives, has changes made, and runs a server that
// has what there was at the restore point of that name.
func (s *Server) RestoreTo(ctx context.Context, point string, changes func() error) (*Server, error) {
	restored, err := open(Options{Parent: s.parent}, s.programs, func(restored *Server) error {
		if err := restored.copy(s); err != nil {
			return err
		}
		if err := changes(); err != nil {
			return err
		}
		if err := s.awaitArchive(ctx); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(restored.dataDir(), "standby.signal"), filepath.Join(restored.dataDir(), "recovery.signal")); err != nil {
			return err
		}
		return restored.configure(
			"restore_command = 'cp "+filepath.Join(s.Dir, "archive")+"/%f %p'",
			"recovery_target_name = '"+point+"'",
			"recovery_target_action = 'promote'",
		)
	})
	if err != nil {
		return nil, fmt.Errorf("restore to %s: %w", point, err)
	}
	return restored, restored.await(ctx, "SELECT NOT pg_is_in_recovery()")
}

// awaitArchive waits until all that was written is in the archive.
func (s *Server) awaitArchive(ctx context.Context) error {
	conn, err := Database{Name: "postgres", server: s}.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var segment string
	if err := conn.QueryRow(ctx, "SELECT pg_walfile_name(pg_switch_wal())", pgx.QueryExecModeSimpleProtocol).Scan(&segment); err != nil {
		return err
	}
	return s.await(ctx, "SELECT coalesce(last_archived_wal, '') >= '"+segment+"' FROM pg_stat_archiver")
}
