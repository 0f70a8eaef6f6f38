package postgresql

import "context"

// Purge implements storage.Backend. The server's own write-ahead log, and what archives it, keep what was written until
// they are recycled.
func (b *Backend) Purge(ctx context.Context) error {
	current, err := b.CurrentRevision(ctx)
	if err != nil {
		return err
	}
	if err := b.Compact(ctx, current); err != nil {
		return err
	}
	_, err = b.reader.Exec(ctx, b.sql(sqlRewrite))
	return translate("rewrite the tables", err)
}
