package sqlite

import (
	"context"
	"fmt"
	"time"
)

const (
	// shrinkStep is how many pages one transaction gives back: writers wait for that long.
	shrinkStep = 100
	// spare is how many free pages are kept at least for what is written next, and spareShare as a
	// part of all.
	spare      = 4096
	spareShare = 4
)

// shrink gives what compaction made free back to the disk, but for a part that is used again. A
// file that was made before the server did so has to be rewritten by VACUUM once; until then all of
// it is used again.
func (b *Backend) shrink(ctx context.Context) error {
	for more := true; more; {
		var err error
		began := time.Now()
		if more, err = b.shrinkOnce(ctx); err != nil {
			return translate("give space back", err)
		}
		b.makeWay(ctx, time.Since(began))
	}
	return nil
}

func (b *Backend) shrinkOnce(ctx context.Context) (more bool, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.files.check(); err != nil {
		return false, err
	}
	var mode, free, pages int
	err = b.writer.conn.QueryRowContext(ctx, sqlSelectPages).Scan(&mode, &free, &pages)
	if err != nil || mode == 0 || free < max(spare, pages/spareShare)+shrinkStep {
		return false, err
	}
	rows, err := b.writer.conn.QueryContext(ctx, fmt.Sprintf(sqlIncrementalVacuum, shrinkStep))
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() { // Each step gives one page back.
	}
	b.wantCheckpoint()
	return true, rows.Err()
}
