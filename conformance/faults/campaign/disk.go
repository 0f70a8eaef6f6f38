package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// diskSize is room for the database of a campaign, PostgreSQL's write-ahead log included.
const diskSize = "400m"

// disk is a small file system in memory.
type disk struct{ path string }

// mountDisk needs root. PostgreSQL's socket will be there: the path has to be short, and open to
// its user.
func mountDisk(ctx context.Context) (*disk, error) {
	path, err := os.MkdirTemp("/tmp", "disk")
	if err != nil {
		return nil, err
	}
	if output, err := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", "mode=1777,size="+diskSize, "tmpfs", path).CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("the fault %s needs root, to mount a small disk: %w: %s", diskFull, err, output), os.Remove(path))
	}
	return &disk{path}, nil
}

func (d *disk) unmount() error {
	if err := syscall.Unmount(d.path, 0); err != nil {
		return fmt.Errorf("unmount %s: %w", d.path, err)
	}
	return os.Remove(d.path)
}

// fill leaves no room on it.
func (d *disk) fill() error {
	file, err := os.OpenFile(d.filler(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	zeros := make([]byte, 1<<20)
	for err == nil {
		_, err = file.Write(zeros)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("fill %s: %w", d.path, err)
	}
	return nil
}

// free gives the room back.
func (d *disk) free() error { return os.Remove(d.filler()) }

func (d *disk) filler() string { return filepath.Join(d.path, "filler") }
