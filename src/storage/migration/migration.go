// Package migration orders the versioned SQL files that bring a database to the schema of this
// binary.
//
// A migration is a file "0001_name.sql". Versions start at 1 and have no gaps, because a database
// records nothing but the version it has reached. There is no way back: a binary that is older than
// the database refuses to use it. The package knows no SQL; the backends run the statements and
// keep the version.
package migration

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"ark.ai/apiserver/src/storage/driver"
)

// Migration is one step from Version-1 to Version.
type Migration struct {
	Version int
	// Name is the part of the file's name that describes the step.
	Name string
	// SQL is the text of the file.
	SQL string
}

var fileName = regexp.MustCompile(`^([0-9]{4})_([a-z0-9_]+)\.sql$`)

// Load reads the migrations in the root of fsys, in ascending order of version. It is an error if
// there is none, if a file is not named "NNNN_name.sql", or if a version is missing or there twice.
func Load(fsys fs.FS) ([]Migration, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	all := make([]Migration, 0, len(entries))
	for _, entry := range entries {
		match := fileName.FindStringSubmatch(entry.Name())
		if match == nil {
			return nil, fmt.Errorf("migration %q is not named like 0001_name.sql", entry.Name())
		}
		text, err := fs.ReadFile(fsys, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		version, err := strconv.Atoi(match[1])
		if err != nil {
			return nil, fmt.Errorf("migration %q: %w", entry.Name(), err)
		}
		all = append(all, Migration{Version: version, Name: match[2], SQL: string(text)})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there are no migrations")
	}
	slices.SortFunc(all, func(a, b Migration) int { return a.Version - b.Version })
	for i, m := range all {
		if m.Version != i+1 {
			return nil, fmt.Errorf("migration %d is %04d_%s: versions must be 1, 2, 3… without gaps", i+1, m.Version, m.Name)
		}
	}
	return all, nil
}

// LoadFolder is Load in a folder of fsys.
func LoadFolder(fsys fs.FS, folder string) ([]Migration, error) {
	files, err := fs.Sub(fsys, folder)
	if err != nil {
		return nil, err
	}
	return Load(files)
}

// Pending is the part of all, as returned by Load, that a database at version current lacks. A
// database without a schema is at version 0. It is a driver.SchemaError if the database is newer
// than the last migration.
func Pending(all []Migration, current int) ([]Migration, error) {
	if current < 0 || current > len(all) {
		return nil, &driver.SchemaError{Schema: driver.Schema{Version: current, Newest: len(all)}}
	}
	return all[current:], nil
}

// Check fails if a database at version current can't be read as it is: if Pending fails, or has
// something, which is one too.
func Check(all []Migration, current int) error {
	pending, err := Pending(all, current)
	switch {
	case err != nil:
		return err
	case current == 0:
		return errors.New("it has no API server's tables")
	case len(pending) > 0:
		return &driver.SchemaError{Schema: driver.Schema{Version: current, Newest: len(all)}}
	}
	return nil
}
