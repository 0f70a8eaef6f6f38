package postgrestest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// ThroughPgbouncer runs pgbouncer in transaction mode in front of the server until the test ends,
// and returns the database as seen through it. connections is the number of connections that all
// clients share.
func (d Database) ThroughPgbouncer(t testing.TB, connections int) Database {
	t.Helper()
	program := findPgbouncer(t)
	port, err := testserver.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := account.MakeDir("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	config := fmt.Sprintf(`[databases]
* = host=%s port=%d
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = scram-sha-256
auth_file = %s/users
pool_mode = transaction
default_pool_size = %d
max_client_conn = 200
`, d.server.Host, d.server.Port, port, dir, connections)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("users", fmt.Sprintf("\"%s\" \"%s\"\n", d.Username, strings.ReplaceAll(d.Password, `"`, `""`)))
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd, err := account.Command(dir, program, write("config", config))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start pgbouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(testserver.PollInterval) {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("pgbouncer does not answer: %v\n%s", err, text)
		}
	}
	through := d
	through.Host, through.Port = "127.0.0.1", port
	return through
}

func findPgbouncer(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("this test needs pgbouncer, which is neither in PATH nor in /usr/sbin (Debian: apt-get install pgbouncer)")
	return ""
}
