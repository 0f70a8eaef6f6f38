package database

import (
	"slices"
	"time"
)

// backupName is the time of a backup as the name of its file: in order of names they are in order
// of time.
const backupName = "ark-20060102T150405Z.db"

func isBackup(name string) bool {
	_, err := time.Parse(backupName, name)
	return err == nil
}

func newName() string { return time.Now().UTC().Format(backupName) }

// superseded are the names of those backups that need not be kept, the oldest first. Names that are
// not a backup's are none of them, nor is the one that was just made, whatever the clock said then.
func superseded(names []string, made string, keep int) []string {
	older := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isBackup(name) || name == made })
	slices.Sort(older)
	return older[:max(0, len(older)-(keep-1))]
}
