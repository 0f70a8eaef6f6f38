package mysqltest

import (
	"fmt"
	"os/exec"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
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

var account = testserver.Account{User: "mysql", Server: "MariaDB"}

// command runs a program of MariaDB in dir.
func command(dir, name string, args ...string) (*exec.Cmd, error) {
	program, err := findProgram(name)
	if err != nil {
		return nil, err
	}
	return account.Command(dir, program, append([]string{"--no-defaults"}, args...)...)
}
