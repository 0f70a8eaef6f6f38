package postgrestest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// findPrograms is the directory of initdb, postgres and pg_basebackup.
func findPrograms() (string, error) {
	var candidates []string
	if path, err := exec.LookPath("initdb"); err == nil {
		// Where PATH has links, it may not have them for all programs.
		if path, err = filepath.EvalSymlinks(path); err == nil {
			candidates = append(candidates, filepath.Dir(path))
		}
	}
	if output, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(output)))
	}
	versions, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.Reverse(versions)
	for _, dir := range append(candidates, versions...) {
		if isProgram(filepath.Join(dir, "initdb")) && isProgram(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", errors.New("these tests need PostgreSQL: initdb and postgres are neither in PATH nor in /usr/lib/postgresql/*/bin; install the server (Debian: apt-get install postgresql)")
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var account = testserver.Account{User: "postgres", Server: "PostgreSQL"}
