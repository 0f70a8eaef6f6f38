package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// maxDamaged is how many rows Read names.
const maxDamaged = 100

// Content is what Read found in a database.
type Content struct {
	// Rows are those of the log, Changes those above Compacted, Objects the living keys.
	Rows, Changes, Objects int64
	// Unchecked are the values without a checksum, which old servers wrote.
	Unchecked int64
	// Compacted and Current are the ends of history.
	Compacted, Current int64
	Role               driver.Role
	// Digest is the SHA-256 of all rows.
	Digest [sha256.Size]byte
	// Damaged says what is wrong, one sentence for each value or revision.
	Damaged []string
}

// Read reads all of a database, and compares each value with its checksum and each revision with
// the one before. Servers may use it meanwhile. report, if given, is called with the progress.
func Read(ctx context.Context, from driver.Backend, report func(Progress)) (Content, error) {
	first, err := from.Rows(ctx, driver.RowQuery{Count: true})
	if err != nil {
		return Content{}, err
	}
	r := reader{digest: sha256.New(), living: make(map[int64]struct{})}
	progress := Progress{Expected: first.Count, Newest: first.Current.Revision}
	for r.Current < first.Current.Revision && len(r.Damaged) < maxDamaged {
		page, err := from.Rows(ctx, driver.RowQuery{After: r.Current, Limit: r.pages.rows()})
		if err != nil {
			return Content{}, err
		}
		if len(page.Rows) == 0 {
			r.damaged("the log has nothing after revision %d, although the current one is %d", r.Current, first.Current.Revision)
			break
		}
		r.pages.learn(page.Rows)
		r.Compacted, r.Role = page.Compacted, page.Role
		for i := range page.Rows {
			r.read(&page.Rows[i])
		}
		if report != nil {
			progress.Rows, progress.Revision = r.Rows, r.Current
			progress.Bytes += bytesOf(page.Rows)
			report(progress)
		}
	}
	return r.finish(ctx, from, first)
}

type reader struct {
	Content
	digest hash.Hash
	// living are the revisions that nothing superseded so far.
	living map[int64]struct{}
	pages  pageSize
}

func (r *reader) read(row *driver.Row) {
	if before := max(r.Current, r.Compacted); row.Revision > before+1 {
		r.damaged("the log lacks the revisions between %d and %d", before, row.Revision)
	}
	r.Current = row.Revision
	r.Rows++
	if row.Revision > max(r.Compacted, 1) { // the first one only marks an empty database
		r.Changes++
	}
	delete(r.living, row.Expected)
	if !row.Delete {
		r.living[row.Revision] = struct{}{}
		if row.Checksum == 0 {
			r.Unchecked++
		}
		if err := row.Checksum.Check(row.Key, row.Value); err != nil {
			r.damaged("the value of %s at revision %d is damaged: %v", row.Key, row.Revision, err)
		}
	}
	addTo(r.digest, row)
}

// finish compares the living rows with the keys, unless something was written meanwhile.
func (r *reader) finish(ctx context.Context, from driver.Backend, first driver.Rows) (Content, error) {
	r.Objects = int64(len(r.living))
	r.digest.Sum(r.Digest[:0])
	stats, err := from.Stats(ctx, "")
	if err != nil {
		return Content{}, err
	}
	last, err := from.Rows(ctx, driver.RowQuery{})
	if err != nil {
		return Content{}, err
	}
	quiet := last.Current.Revision == first.Current.Revision && last.Compacted == first.Compacted
	if quiet && len(r.Damaged) == 0 && stats.Keys != r.Objects {
		r.damaged("the log has %d living objects, the table of objects %d", r.Objects, stats.Keys)
	}
	return r.Content, nil
}

func (r *reader) damaged(format string, args ...any) {
	r.Damaged = append(r.Damaged, fmt.Sprintf(format, args...))
}

// addTo adds a row to a digest: numbers, then texts with their lengths before.
func addTo(digest hash.Hash, row *driver.Row) {
	deleted := int64(0)
	if row.Delete {
		deleted = 1
	}
	labels, fields := row.Encode(func(string) bool { return true })
	var text []byte
	for _, number := range []int64{
		row.Revision, row.Expected, deleted, milliseconds(row.CommittedAt), milliseconds(row.ExpiresAt), int64(row.Checksum),
		int64(len(row.Key)), int64(len(labels)), int64(len(fields)), int64(len(row.Value)),
	} {
		text = binary.BigEndian.AppendUint64(text, uint64(number))
	}
	digest.Write(text)
	digest.Write([]byte(row.Key))
	digest.Write(labels)
	digest.Write(fields)
	digest.Write(row.Value)
}

func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
