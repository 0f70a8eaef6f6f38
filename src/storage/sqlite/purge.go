package sqlite

import (
	"context"
	"path/filepath"
	"strings"

	"ark.ai/apiserver/src/storage/driver"
)

// Purge implements driver.Backend. It takes as much of the disk again as the database has, twice.
func (b *Backend) Purge(ctx context.Context) error {
	if b.options.ReadOnly {
		return driver.ErrReadOnly
	}
	current, err := b.CurrentRevision(ctx)
	if err != nil {
		return err
	}
	if err := b.Compact(ctx, current); err != nil {
		return err
	}
	if err := b.rewrite(ctx); err != nil {
		return translate("rewrite the file", err)
	}
	// Only the write-ahead log has it so far.
	_, err = b.emptyLog(patience)
	return translate("empty the write-ahead log", err)
}

func (b *Backend) rewrite(ctx context.Context) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.files.check(); err != nil {
		return err
	}
	for _, statement := range []string{
		// The copy is made beside the database: it does not fit into memory, nor perhaps into /tmp.
		"PRAGMA temp_store = FILE",
		"PRAGMA temp_store_directory = '" + strings.ReplaceAll(filepath.Dir(b.path), "'", "''") + "'",
		"PRAGMA auto_vacuum = INCREMENTAL", // see shrink
		"VACUUM",
		"PRAGMA temp_store_directory = ''",
	} {
		if _, err := b.writer.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
