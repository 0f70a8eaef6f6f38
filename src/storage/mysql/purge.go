package mysql

import (
	"context"
	"errors"
	"slices"

	"ark.ai/apiserver/src/storage/driver"
)

// Purge implements driver.Backend. Only who may alter the tables may do so. The server's own logs,
// and what archives them, keep what was written until they are recycled.
func (b *Backend) Purge(ctx context.Context) error {
	if b.readOnly {
		return driver.ErrReadOnly
	}
	current, err := b.CurrentRevision(ctx)
	if err != nil {
		return err
	}
	if err := b.Compact(ctx, current); err != nil {
		return err
	}
	// The connections that read end what takes minutes.
	for _, statement := range []string{sqlRewriteLog, sqlRewriteObjects} {
		_, err := b.writer.ExecContext(ctx, statement)
		if slices.Contains([]uint16{tableDenied, privilegeMissing}, codeOf(err)) {
			return errors.New("this user may not alter the tables: purge them as the user who migrated them")
		}
		if err != nil {
			return translate("rewrite the tables", err)
		}
	}
	return nil
}
