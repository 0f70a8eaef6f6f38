package mysqltest

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

// findProgram is the path of one of MariaDB's programs.
func findProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/usr/bin"} {
		if path, err := exec.LookPath(dir + "/" + name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("these tests need MariaDB: %s is neither in PATH nor in /usr/sbin; install the server (Debian: apt-get install mariadb-server)", name)
}

// command runs a program of MariaDB in dir, as the user mysql if we are root. A signal to the group of the tests does not
// reach it: a test decides when its server ends.
func command(dir, name string, args ...string) (*exec.Cmd, error) {
	program, err := findProgram(name)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), program, append([]string{"--no-defaults"}, args...)...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 {
		uid, gid, err := unprivileged()
		if err != nil {
			return nil, err
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return cmd, nil
}

func unprivileged() (uid, gid int, err error) {
	account, err := user.Lookup("mysql")
	if err != nil {
		return 0, 0, fmt.Errorf("MariaDB refuses to run as root, and there is no user mysql to run it as: %w", err)
	}
	uid, err = strconv.Atoi(account.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(account.Gid)
	return uid, gid, err
}

// makeDir is a new directory that belongs to the server's user. Its path is short, because it will hold a Unix socket.
func makeDir(parent string) (string, error) {
	switch {
	case parent != "":
	case os.Getuid() == 0:
		parent = "/tmp" // Other users may not get into root's own.
	default:
		parent = os.TempDir()
	}
	dir, err := os.MkdirTemp(parent, "my")
	if err != nil || os.Getuid() != 0 {
		return dir, err
	}
	uid, gid, err := unprivileged()
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, os.Chown(dir, uid, gid)
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
