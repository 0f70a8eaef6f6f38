package driver

import (
	"context"
	"errors"
	"fmt"
)

// Role says whether a database stands for itself. Of one that does not, Rows, Import, Compact and
// what only counts can be used; all else fails with ErrDiverged until StartIncarnation.
type Role int

const (
	// Original is a database that stands for itself.
	Original Role = iota
	// Copied is a copy of another database, as that was at the newest revision. The other one may
	// have gone on: whoever begins to use the copy has to start an incarnation.
	Copied
	// Unfinished is a copy that lacks something. StartIncarnation fails with ErrUnfinished.
	Unfinished
	// Moved is a database whose place another one has taken. StartIncarnation fails with ErrMoved.
	Moved
)

var (
	// ErrUnfinished means that the database is a copy that was begun and lacks something.
	ErrUnfinished = fmt.Errorf("%w: it is an unfinished copy of another one: finish the copy, or choose another database", ErrUnavailable)

	// ErrMoved means that another database has taken this one's place.
	ErrMoved = fmt.Errorf("%w: it was moved, and another database has taken its place: use that one, or a copy of this one", ErrUnavailable)
)

// ErrReadOnly means that the Backend was opened to read only.
var ErrReadOnly = errors.New("the database was opened to read only")

// Startable tells why StartIncarnation fails, if it does because of the role.
func (r Role) Startable() error {
	switch r {
	case Unfinished:
		return ErrUnfinished
	case Moved:
		return ErrMoved
	}
	return nil
}

// Row is a write as the log keeps it: Expected is the revision of what it superseded. Labels are
// nil if they are not known. Only living rows say when they expire.
type Row struct {
	Entry
	Write
	// Checksum of the value when it was written.
	Checksum Checksum
}

// RowQuery asks for rows of the log.
type RowQuery struct {
	// After is the revision that they come after.
	After int64
	// Limit is the largest number of rows; 0 asks for none.
	Limit int
	// Bare rows have neither value nor attributes.
	Bare bool
	// Count asks for Rows.Count.
	Count bool
}

// Rows are an answer to a RowQuery, and where the database is in the same snapshot.
type Rows struct {
	Rows []Row
	// Current is the newest entry, Compacted the revision below which history is gone. Rows from
	// below that are what lives, or was superseded later.
	Current   Entry
	Compacted int64
	Role      Role
	// Count is how many rows come after RowQuery.After, beyond the limit too; only if it was asked
	// for.
	Count int64
}

// Import is a step of a copy. What it asks for is done in one durable transaction, or not at all.
type Import struct {
	// After is the newest revision that the database has; 0: it has no keys, and either nothing was
	// ever written to it or it is unfinished. What is left in its log then goes.
	After int64
	// Rows come after that, in order of revision.
	Rows []Row
	// Dropped are rows to delete, because the other database lacks them: their keys and revisions.
	Dropped []Row
	// Role is what the database is from then on.
	Role Role
	// Floor is a revision that the next incarnation has to begin above, as above all floors before.
	Floor int64
}

// Check fails with ErrDiverged if the database is not where the import goes on from.
func (i *Import) Check(found Rows, hasKeys bool) error {
	empty := !hasKeys && (found.Role == Unfinished || found.Role == Original && found.Current.Revision == 1)
	if i.After == found.Current.Revision || i.After == 0 && empty {
		return nil
	}
	return fmt.Errorf("%w: it is at revision %d, not at %d", ErrDiverged, found.Current.Revision, i.After)
}

// SetRole has a database be something else, whoever commits meanwhile. The next incarnation has to
// begin above floor.
func SetRole(ctx context.Context, backend Backend, role Role, floor int64) error {
	for {
		found, err := backend.Rows(ctx, RowQuery{})
		if err != nil {
			return err
		}
		err = backend.Import(ctx, Import{After: found.Current.Revision, Role: role, Floor: floor})
		if !errors.Is(err, ErrDiverged) {
			return err
		}
	}
}

// Newest is the newest entry after the import into a database that was at found.
func (i *Import) Newest(found Rows) Entry {
	if n := len(i.Rows); n > 0 {
		return i.Rows[n-1].Entry
	}
	return found.Current
}

// Living reports for each row whether it is the newest one of its key, and no deletion.
func Living(rows []Row) []bool {
	living := make([]bool, len(rows))
	seen := make(map[string]struct{}, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		if _, superseded := seen[rows[i].Key]; !superseded {
			seen[rows[i].Key] = struct{}{}
			living[i] = !rows[i].Delete
		}
	}
	return living
}
