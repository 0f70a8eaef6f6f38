package sqlite

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// state is what the database's file looks like from outside, and how far it goes. SQLite applies a
// write-ahead log to whatever file it finds beside it, and opens any file that was put in place;
// only this tells that a file is not the one that was left.
type state struct {
	Inode uint64 `json:"inode"`
	// Modified is when the file was written last, in nanoseconds of Unix time.
	Modified int64 `json:"modified"`
	Size     int64 `json:"size"`
	// Schemas are the version of the schema in the file and, where the write-ahead log has a newer
	// one, that.
	Schemas []uint32 `json:"schemas"`
	// Copying is true while the write-ahead log is being copied into the file: then it changes.
	Copying bool `json:"copying,omitempty"`
	// Shared is true if another program has the file open, and may copy it too: Litestream does.
	Shared bool `json:"shared,omitempty"`

	// Revision is the newest that clients had seen by then, and CommittedAt when it was committed,
	// in milliseconds of Unix time.
	Revision    int64 `json:"revision,omitempty"`
	CommittedAt int64 `json:"committedAt,omitempty"`
	// Lost is true if nothing tells any more what they saw after it.
	Lost bool `json:"lost,omitempty"`
	// Stopped is true if the server came to its end, so that they saw nothing after it.
	Stopped bool `json:"stopped,omitempty"`
}

// readState describes an open database, whose schema has version current if the write-ahead log is
// read too.
func readState(file *os.File, current uint32, newest driver.Entry) (state, error) {
	info, err := file.Stat()
	if err != nil {
		return state{}, err
	}
	s := state{Modified: info.ModTime().UnixNano(), Size: info.Size(), Schemas: []uint32{current}, Revision: newest.Revision}
	if s.Lost = newest.CommittedAt.IsZero(); !s.Lost {
		s.CommittedAt = newest.CommittedAt.UnixMilli()
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Inode = stat.Ino
	}
	if schema, err := readSchema(file); err != nil {
		return state{}, err
	} else if schema != current {
		s.Schemas = append(s.Schemas, schema)
	}
	return s, nil
}

// readSchema reads the version of the schema from the header of a database:
// https://sqlite.org/fileformat2.html
func readSchema(file *os.File) (uint32, error) {
	const offset = 40
	var header [offset + 4]byte
	if _, err := file.ReadAt(header[:], 0); err == io.EOF {
		return 0, nil // nothing is there yet
	} else if err != nil {
		return 0, fmt.Errorf("read the header: %w", err)
	}
	return binary.BigEndian.Uint32(header[offset:]), nil
}

// seen is the newest entry of the log that clients have seen, given the newest there is. If they
// may have seen more, it is one that no log has.
func (s *state) seen(newest driver.Entry) driver.Entry {
	switch {
	case s == nil || s.Revision == 0: // an older server did not write it down
		return newest
	case s.Lost:
		return driver.Entry{Revision: max(s.Revision, newest.Revision) + 1}
	default:
		return driver.Entry{Revision: s.Revision, CommittedAt: time.UnixMilli(s.CommittedAt)}
	}
}

// untouched reports whether a file is as it was.
func (s *state) untouched(info os.FileInfo) bool {
	return info.ModTime().UnixNano() == s.Modified && info.Size() == s.Size
}

// grown reports whether a file may be what the state has become by copying the write-ahead log into
// it.
func (s *state) grown(file *os.File, info os.FileInfo) (bool, error) {
	schema, err := readSchema(file)
	return info.ModTime().UnixNano() >= s.Modified && info.Size() >= s.Size && slices.Contains(s.Schemas, schema), err
}

// describes reports whether a file that was found, and is shared with another program or not, is
// the one that was left. A crash while it was written, or another program that writes it, leaves
// less to go by: backups are other files, or have another version of the schema, or are smaller.
func (s *state) describes(file *os.File, shared bool) (bool, error) {
	info, err := file.Stat()
	if err != nil {
		return false, err
	}
	if untouched := s.untouched(info); !s.Copying && (untouched || !s.Shared && !shared) {
		return untouched, nil
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Ino != s.Inode {
		return false, nil
	}
	return s.grown(file, info)
}
