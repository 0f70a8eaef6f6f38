package testserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// Account is who a server runs as if we are root, which it refuses to be.
type Account struct {
	// User of the system, such as "postgres", and Server as people call it, "PostgreSQL".
	User, Server string
}

// Command runs a program of the server's in dir, as its user if we are root. A signal to the group
// of the tests does not reach it: a test decides when its server ends.
func (a Account) Command(dir, program string, args ...string) (*exec.Cmd, error) {
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 {
		uid, gid, err := a.ids()
		if err != nil {
			return nil, err
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return cmd, nil
}

func (a Account) ids() (uid, gid int, err error) {
	account, err := user.Lookup(a.User)
	if err != nil {
		return 0, 0, fmt.Errorf("%s refuses to run as root, and there is no user %s to run it as: %w", a.Server, a.User, err)
	}
	uid, err = strconv.Atoi(account.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(account.Gid)
	return uid, gid, err
}

// MakeDir makes a directory that belongs to the server's user, below parent or where temporary
// files are. Its path is short, because it will hold a Unix socket.
func (a Account) MakeDir(parent, prefix string) (string, error) {
	switch {
	case parent != "":
	case os.Getuid() == 0:
		parent = "/tmp" // Other users may not get into root's own.
	default:
		parent = os.TempDir()
	}
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil || os.Getuid() != 0 {
		return dir, err
	}
	uid, gid, err := a.ids()
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, os.Chown(dir, uid, gid)
}

// FreePort is one of the loopback interface. Somebody else may take it before the server does.
func FreePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
