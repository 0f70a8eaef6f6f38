// Package ownership reports whether other users may change what a program relies on, or may have
// put it there.
//
// A file belongs to the user of the process or to root, and nobody else may write to it. Groups may
// where they can't be anybody else's: a group with the number of the user, as every user has one of
// his own on most systems, and the group that Kubernetes gives a volume to (fsGroup).
package ownership

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

const (
	groupWrites fs.FileMode = 0o020
	othersRead  fs.FileMode = 0o004
	othersWrite fs.FileMode = 0o002
)

const (
	rootUser = 0
	noGroup  = -1
)

// CheckFolder returns an error of one sentence, with what to change, if others may replace the
// files of a folder.
func CheckFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	user, err := current(path)
	if err != nil {
		return err
	}
	parent, err := os.Stat(filepath.Join(path, ".."))
	if err != nil {
		return err
	}
	return user.checkFolder(path, info, !sameDevice(info, parent))
}

// CheckFile does the same for a file, which need not exist.
func CheckFile(path string) error { return checkFile(path, othersWrite) }

// CheckSecret does the same for a file that others may not read either.
func CheckSecret(path string) error { return checkFile(path, othersWrite|othersRead) }

func checkFile(path string, refused fs.FileMode) error {
	link, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	user, err := current(filepath.Dir(path))
	if err != nil {
		return err
	}
	if err := user.checkOwner(path, link); err != nil {
		return err
	}
	info, err := os.Stat(path) // of what a link points to
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is a symbolic link to a file that does not exist: remove it", path)
	}
	if err != nil {
		return err
	}
	return user.checkFile(path, info, refused)
}

// user is who runs the process.
type user struct {
	id int
	// volume is the group that the volume of the file in question was given to, or noGroup.
	volume int
}

func current(folder string) (user, error) {
	u := user{id: os.Geteuid(), volume: noGroup}
	groups, err := os.Getgroups()
	if err != nil {
		return u, err
	}
	root, err := volume(folder)
	if err != nil {
		return u, err
	}
	u.volume = volumeGroup(root, append(groups, os.Getegid()))
	return u, nil
}

// volume is the topmost folder of the file system that a folder is on.
func volume(folder string) (fs.FileInfo, error) {
	folder, err := filepath.EvalSymlinks(folder)
	if err == nil {
		folder, err = filepath.Abs(folder)
	}
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(folder)
	for err == nil && folder != "/" {
		parent, err := os.Stat(filepath.Dir(folder))
		if err != nil || !sameDevice(info, parent) {
			return info, err
		}
		folder, info = filepath.Dir(folder), parent
	}
	return info, err
}

// volumeGroup recognises what Kubernetes makes of a volume for fsGroup: root's, with a group of the
// process that all files get.
func volumeGroup(root fs.FileInfo, groups []int) int {
	owner, group := owners(root)
	if owner == rootUser && root.Mode()&fs.ModeSetgid != 0 && slices.Contains(groups, group) {
		return group
	}
	return noGroup
}

// checkFolder leaves a mount point of root's to whoever mounted it: Kubernetes' empty directories,
// and the volumes of some provisioners, may be written by everybody, but nobody else sees them.
func (u user) checkFolder(path string, info fs.FileInfo, mounted bool) error {
	if err := u.checkOwner(path, info); err != nil {
		return err
	}
	owner, _ := owners(info)
	if mounted && owner == rootUser || info.Mode()&fs.ModeSticky != 0 {
		return nil
	}
	return u.checkMode(path, info, othersWrite)
}

func (u user) checkFile(path string, info fs.FileInfo, refused fs.FileMode) error {
	switch {
	case info.IsDir():
		return fmt.Errorf("%s is a directory", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file: remove it", path)
	}
	if err := u.checkOwner(path, info); err != nil {
		return err
	}
	return u.checkMode(path, info, refused)
}

func (u user) checkOwner(path string, info fs.FileInfo) error {
	if owner, _ := owners(info); owner != u.id && owner != rootUser {
		return fmt.Errorf("%s belongs to user %d, but this process runs as user %d: chown %[3]d %[1]s, or run it as the owner", path, owner, u.id)
	}
	return nil
}

func (u user) checkMode(path string, info fs.FileInfo, refused fs.FileMode) error {
	_, group := owners(info)
	switch mode := info.Mode(); {
	case mode&refused&othersWrite != 0:
		return fmt.Errorf("%s may be written by everybody: chmod o-w %[1]s", path)
	case mode&refused&othersRead != 0:
		return fmt.Errorf("%s may be read by everybody: chmod o-r %[1]s", path)
	case mode&groupWrites != 0 && group != u.id && group != u.volume:
		return fmt.Errorf("%s may be written by group %d: chmod g-w %[1]s", path, group)
	}
	return nil
}

func owners(info fs.FileInfo) (user, group int) {
	stat := info.Sys().(*syscall.Stat_t)
	return int(stat.Uid), int(stat.Gid)
}

func sameDevice(a, b fs.FileInfo) bool {
	return a.Sys().(*syscall.Stat_t).Dev == b.Sys().(*syscall.Stat_t).Dev
}
