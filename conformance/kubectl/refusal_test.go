package kubectl_test

import (
	"bytes"
	"crypto/rand"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// refusesToStart wants a server to end with one line on standard error that has all parts.
func refusesToStart(t *testing.T, command *exec.Cmd, parts ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(readyTimeout, func() { _ = command.Process.Kill() })
	defer timer.Stop()
	if err := command.Wait(); err == nil || command.ProcessState.ExitCode() != 1 {
		t.Errorf("the server ends with %v, not with exit status 1", command.ProcessState)
	}
	got := stderr.String()
	if stdout.Len() > 0 || strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "ark-apiserver: ") {
		t.Errorf("not one line of error:\n%s%s", stdout.String(), got)
	}
	shows(t, got, parts...)
}

func TestFlagsThatAreWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flags []string
		want  []string
	}{
		"unknown flag":      {[]string{"--wizard"}, []string{"unknown flag: --wizard"}},
		"unknown driver":    {[]string{"--storage-driver=oracle"}, []string{"--storage-driver", `"oracle"`, "sqlite or postgresql"}},
		"unknown command":   {[]string{"wizard"}, []string{`unknown command "wizard"`}},
		"flag of the other": {[]string{"--postgresql-host=db"}, []string{"--postgresql-host", "no effect", "--storage-driver=sqlite"}},
		"not a number":      {[]string{"--secure-port=many"}, []string{"--secure-port", `"many"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			refusesToStart(t, serverCommand(dir, nil, test.flags...), test.want...)
			if files := filesIn(t, dir); len(files) > 0 {
				t.Errorf("it left %q", files)
			}
		})
	}
}

func TestPortThatIsTaken(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	refusesToStart(t, serverCommand(t.TempDir(), nil, "--secure-port", port), "port "+port, "in use", "--secure-port")
}

func TestPostgreSQLThatLetsNobodyIn(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := func(port int, name string) []string {
		return []string{"--storage-driver=postgresql", "--postgresql-host", database.Host, "--postgresql-port", strconv.Itoa(port),
			"--postgresql-username", database.Username, "--postgresql-database", name, "--postgresql-sslmode=disable", "--postgresql-password-file", password}
	}
	address := net.JoinHostPort(database.Host, strconv.Itoa(database.Port))
	refusesToStart(t, serverCommand(t.TempDir(), nil, flags(database.Port, database.Name)...), address, "password", database.Username)
	refusesToStart(t, serverCommand(t.TempDir(), nil, flags(1, database.Name)...), "PostgreSQL at 127.0.0.1:1 can't be reached", "connection refused")

	if err := os.WriteFile(password, []byte(database.Password), 0o600); err != nil {
		t.Fatal(err)
	}
	refusesToStart(t, serverCommand(t.TempDir(), nil, flags(database.Port, "nowhere")...), "nowhere")
}

func TestDataDirectoryThatIsReadOnly(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "kubectl-test-read-only-") //nolint:usetesting // Other users can't get into those.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	for where, want := range map[string]string{
		dir:                               "can't write to the data directory",
		filepath.Join(dir, "new", "data"): "can't create the data directory",
	} {
		command := serverCommand(where, nil)
		asNobody(t, command)
		refusesToStart(t, command, want, dir, "permission denied")
	}
}

// asNobody takes root's privileges from a command: root may write everywhere.
func asNobody(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	const nobody = 65534
	// The directory of the program may be closed to others.
	program, err := os.Open(command.Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	command.Path, command.ExtraFiles = "/proc/self/fd/3", []*os.File{program}
	command.Dir = os.TempDir()
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

func TestSQLiteFileThatIsInUse(t *testing.T) {
	t.Parallel()
	admin, _ := installations[0].administrators(t)
	path := filepath.Join(admin.server.dir, "ark.db")
	refusesToStart(t, serverCommand(t.TempDir(), nil, "--sqlite-path", path),
		path, "in use by process "+strconv.Itoa(admin.server.command.Process.Pid))
	admin.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
	shows(t, admin.ok(t, "get", "--raw", "/readyz"), "ok")
}

func TestSQLiteFileThatIsDamaged(t *testing.T) {
	t.Parallel()
	good := filepath.Join(t.TempDir(), "good")
	newServer(t, good, nil).end(t, syscall.SIGTERM)
	for name, damage := range map[string]func([]byte) []byte{
		"other content": func([]byte) []byte { return []byte("Dear diary,\n") },
		"no header":     func(file []byte) []byte { return scribble(file[:4096], file) },
		"cut off":       func(file []byte) []byte { return file[:5000] },
		"pages":         func(file []byte) []byte { return scribble(file[8192:], file) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := copyFiles(good, dir, filesIn(t, good)...); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "ark.db")
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(file), 0o600); err != nil {
				t.Fatal(err)
			}
			before := checksums(t, dir, "ark.db")
			refusesToStart(t, serverCommand(dir, nil), path, "damaged")
			if !maps.Equal(before, checksums(t, dir, "ark.db")) {
				t.Error("the file was changed")
			}
		})
	}
}

// scribble writes garbage over a part of a file.
func scribble(part, file []byte) []byte {
	_, _ = rand.Read(part)
	return file
}
