package changelog

import (
	"context"
	"fmt"

	"ark.ai/apiserver/src/storage/driver"
)

// maxDamaged is how many values Verify names.
const maxDamaged = 100

// Verification is what Verify found.
type Verification struct {
	// Keys are the living ones, Changes the entries of the log that were read, Unchecked the values
	// without a checksum, which old servers wrote.
	Keys, Changes, Unchecked int64
	// Compacted and Current are the ends of history.
	Compacted, Current int64
	// Damaged says what is wrong, one sentence for each value or entry.
	Damaged []string
}

// Verify reads all of a database, and compares each value with its checksum and each revision with
// the one before. Servers may use it meanwhile.
func Verify(ctx context.Context, backend driver.Backend) (Verification, error) {
	v := Verification{}
	if err := v.verifyLog(ctx, backend); err != nil {
		return v, fmt.Errorf("reading the log: %w", err)
	}
	if err := v.verifyKeys(ctx, backend); err != nil {
		return v, fmt.Errorf("reading the objects: %w", err)
	}
	return v, nil
}

func (v *Verification) verifyLog(ctx context.Context, backend driver.Backend) (err error) {
	// A backup that was restored is a database that went back.
	err = despiteDivergence(func() error {
		v.Current, err = backend.CurrentRevision(ctx)
		return err
	}, func() error {
		_, err := startIncarnation(ctx, backend, "")
		return err
	})
	if err != nil {
		return err
	}
	if v.Compacted, err = backend.CompactRevision(ctx); err != nil {
		return err
	}
	for after := max(v.Compacted, firstRevision); after < v.Current && len(v.Damaged) < maxDamaged; {
		changes, through, err := backend.Log(ctx, after, "", logPage)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			v.damaged("the log has no entry after revision %d, although the current one is %d", after, v.Current)
			return nil
		}
		for _, change := range changes {
			if change.Revision != after+1 {
				v.damaged("the log lacks the revisions between %d and %d", after, change.Revision)
			}
			after = change.Revision
			v.Changes++
			if !change.Deleted {
				v.verify(change.Key, change.Revision, change.Value, change.Checksum)
			}
		}
		after = max(after, through)
	}
	return nil
}

func (v *Verification) verifyKeys(ctx context.Context, backend driver.Backend) error {
	query := driver.ListQuery{Limit: logPage}
	for len(v.Damaged) < maxDamaged {
		page, err := backend.List(ctx, query)
		if err != nil {
			return err
		}
		for _, record := range page.Records {
			v.Keys++
			if record.Revision <= v.Compacted || record.Revision > v.Current { // else it was read with the log
				v.verify(record.Key, record.Revision, record.Value, record.Checksum)
			}
		}
		if !page.More {
			return nil
		}
		query.Start = page.Records[len(page.Records)-1].Key + "\x00"
	}
	return nil
}

func (v *Verification) verify(key string, revision int64, value []byte, checksum driver.Checksum) {
	if checksum == 0 {
		v.Unchecked++
	}
	if err := checksum.Check(key, value); err != nil {
		v.damaged("the value of %s at revision %d is damaged: %v", key, revision, err)
	}
}

func (v *Verification) damaged(format string, args ...any) {
	v.Damaged = append(v.Damaged, fmt.Sprintf(format, args...))
}
