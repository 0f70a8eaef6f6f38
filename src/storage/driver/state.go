package driver

import "fmt"

// IncarnationGap is more than a database can have committed that was lost: revisions go on that far
// above all known ones.
const IncarnationGap = 1_000_000_000

// State is where the log is, as one read saw it.
type State struct {
	// Seen is the newest entry that the Backend had returned before.
	Seen Entry
	// Current is the newest entry, Compacted the revision below which history is gone.
	Current   Entry
	Compacted int64
	// Diverged means that the log lacks Seen.
	Diverged bool
}

// Check reports whether states or changes from revision on can be read; 0 is now. Errors:
// ErrFutureRevision, ErrCompacted.
func (s State) Check(revision int64) error {
	switch {
	case revision > s.Current.Revision:
		return fmt.Errorf("%w: %d is above %d", ErrFutureRevision, revision, s.Current.Revision)
	case revision != 0 && revision < s.Compacted:
		return fmt.Errorf("%w: %d is below %d", ErrCompacted, revision, s.Compacted)
	}
	return nil
}

// Note takes note of what a read saw, or fails with ErrDiverged.
func (n *Newest) Note(s State) error {
	if s.Diverged && !n.AsItIs {
		return ErrDiverged
	}
	n.SeeAfter(s.Seen, s.Current)
	return nil
}
