package postgresql

import (
	"context"
	"errors"
	"fmt"

	"ark.ai/apiserver/src/storage/driver"
)

// Purge implements driver.Backend. Only the owner of the tables may do so, and only the owner of
// the database all of it. The server's own write-ahead log, and what archives it, keep what was
// written until they are recycled.
func (b *Backend) Purge(ctx context.Context) error {
	if b.readOnly {
		return driver.ErrReadOnly
	}
	var mayRewrite bool
	if err := b.row(ctx, sqlMayRewrite, nil, &mayRewrite); err != nil {
		return translate("look for the owner of the tables", err)
	}
	if !mayRewrite {
		return errors.New("the tables belong to another role: purge them as that role, which migrated the schema")
	}
	current, err := b.CurrentRevision(ctx)
	if err != nil {
		return err
	}
	if err := b.Compact(ctx, current); err != nil {
		return err
	}
	// The connections that read end what takes minutes.
	if _, err = b.writer.Exec(ctx, b.sql(sqlRewrite)); err != nil {
		return translate("rewrite the tables", err)
	}
	// The planner's statistics have labels and fields, and rows of theirs that were replaced.
	var mayRewriteStatistics bool
	if err := b.row(ctx, sqlMayRewriteStatistics, nil, &mayRewriteStatistics); err != nil {
		return translate("look for the owner of the database", err)
	}
	if !mayRewriteStatistics {
		return fmt.Errorf("the tables are purged, but former statistics of them, with values of labels and fields, are left: have the owner of the database run %s in it", sqlRewriteStatistics)
	}
	_, err = b.writer.Exec(ctx, sqlRewriteStatistics)
	return translate("rewrite the statistics", err)
}
