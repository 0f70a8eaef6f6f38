package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"ark.ai/apiserver/src/ownership"
)

// lock is held until it is closed, or the process ends in whatever way. It is on a file of its own,
// so that other programs may read the database. The first line of the file is the process, the
// second what is known of the database's file, for the process that comes after this one.
type lock struct {
	file *os.File
	// made is true if it was not there before.
	made bool
}

// lockBytes is the size of the file, and of what is written to it at once.
const lockBytes = 512

// lockFile also returns the state that the last process left, or nil.
func lockFile(path string) (*lock, *state, error) {
	if err := ownership.CheckFile(path); err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if errors.Is(err, syscall.ELOOP) {
		return nil, nil, fmt.Errorf("%s is a symbolic link: remove it", path)
	}
	if err != nil {
		return nil, nil, err
	}
	l := &lock{file: file}
	left, err := l.take(path)
	if err != nil {
		_ = l.close()
		return nil, nil, err
	}
	return l, left, nil
}

func (l *lock) take(path string) (*state, error) {
	info, err := l.file.Stat()
	if err != nil {
		return nil, err
	}
	l.made = info.Size() == 0
	process, left, err := l.read()
	if err != nil {
		return nil, fmt.Errorf("%s is not a lock file of this program: move it away, or choose another path for the database", path)
	}
	err = syscall.Flock(int(l.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder := "another process"
		if process != "" {
			holder = "process " + process
		}
		return nil, fmt.Errorf("it is in use by %s: stop that, or choose another path", holder)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	// The file that is locked has to be the one that others find.
	if now, err := os.Lstat(path); err != nil || !os.SameFile(now, info) {
		return nil, fmt.Errorf("%s was replaced at this moment: try again", path)
	}
	return left, l.write(left)
}

// read fails if something else has written the file.
func (l *lock) read() (process string, left *state, err error) {
	content, err := io.ReadAll(io.NewSectionReader(l.file, 0, 2*lockBytes))
	if err != nil || len(content) == 0 {
		return "", nil, err
	}
	process, rest, ended := strings.Cut(string(content), "\n")
	if _, err := strconv.Atoi(process); err != nil || !ended || len(content) > lockBytes {
		return "", nil, errors.New("another format")
	}
	if rest = strings.TrimSpace(rest); rest != "" {
		left = new(state)
		if err := json.Unmarshal([]byte(rest), left); err != nil {
			return "", nil, err
		}
	}
	return process, left, nil
}

// write replaces the content at once.
func (l *lock) write(s *state) error {
	var known []byte
	if s != nil {
		var err error
		if known, err = json.Marshal(s); err != nil {
			return err
		}
	}
	content := fmt.Sprintf("%-*s\n", lockBytes-1, fmt.Sprintf("%d\n%s", os.Getpid(), known))
	if _, err := l.file.WriteAt([]byte(content), 0); err != nil {
		return fmt.Errorf("write %s: %w", l.file.Name(), err)
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", l.file.Name(), err)
	}
	return nil
}

// close gives the lock up even if a process that is about to be started has the file for a moment.
func (l *lock) close() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
