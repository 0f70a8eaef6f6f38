package kubectl_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// kubectl is a user of kubectl.
type kubectl struct {
	server    *server
	namespace string
	// flags come before every command.
	flags       []string
	environment []string
	stdin       string
}

// result is what a command did.
type result struct {
	stdout, stderr string
	status         int
}

func administrator(s *server, namespace string) *kubectl {
	return &kubectl{server: s, namespace: namespace, flags: []string{"--kubeconfig", s.kubeconfig()}}
}

// as is somebody else, who has nothing but a token.
func (k *kubectl) as(t *testing.T, token string) *kubectl {
	t.Helper()
	address := k.ok(t, "config", "view", "-o", "jsonpath={.clusters[0].cluster.server}")
	other := *k
	other.flags = []string{"--kubeconfig", os.DevNull, "--server", address,
		"--certificate-authority", filepath.Join(k.server.dir, "ca.crt"), "--token", token}
	return &other
}

// with gives commands an environment variable.
func (k *kubectl) with(variable string) *kubectl {
	other := *k
	other.environment = append(slices.Clone(k.environment), variable)
	return &other
}

// given feeds commands a manifest.
func (k *kubectl) given(manifest string) *kubectl {
	other := *k
	other.stdin = manifest
	return &other
}

func (k *kubectl) command(args ...string) *exec.Cmd {
	command := exec.Command(kubectlProgram, append(append(slices.Clone(k.flags), "--namespace", k.namespace), args...)...)
	command.Env = append(append(os.Environ(), "HOME="+scratch, "KUBECONFIG="), k.environment...)
	command.Stdin = strings.NewReader(k.stdin)
	return command
}

func (k *kubectl) run(t *testing.T, args ...string) result {
	t.Helper()
	command := k.command(args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

// ok runs a command that has to succeed, and returns its standard output.
func (k *kubectl) ok(t *testing.T, args ...string) string {
	t.Helper()
	got := k.run(t, args...)
	if got.status != 0 {
		t.Fatalf("kubectl %s: exit status %d\n%s%s", strings.Join(args, " "), got.status, got.stdout, got.stderr)
	}
	return got.stdout
}

// refused runs a command that has to fail, and returns its standard error.
func (k *kubectl) refused(t *testing.T, args ...string) string {
	t.Helper()
	got := k.run(t, args...)
	if got.status == 0 {
		t.Fatalf("kubectl %s succeeds, which it must not:\n%s%s", strings.Join(args, " "), got.stdout, got.stderr)
	}
	return got.stderr
}

// says runs a command that has to print exactly this, but for white space at the end.
func (k *kubectl) says(t *testing.T, want string, args ...string) {
	t.Helper()
	if got := strings.TrimSpace(k.ok(t, args...)); got != want {
		t.Errorf("kubectl %s prints\n%s\nnot\n%s", strings.Join(args, " "), got, want)
	}
}

// running is a command that goes on until it is stopped or has what it waits for.
type running struct {
	name           string
	stdout, stderr output
	done           chan int
}

func (k *kubectl) start(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{name: "kubectl " + strings.Join(args, " "), done: make(chan int, 1)}
	command := k.command(args...)
	command.Stdout, command.Stderr = &r.stdout, &r.stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	// Ends with the process.
	go func() {
		_ = command.Wait()
		r.done <- command.ProcessState.ExitCode()
	}()
	return r
}

// ends waits for the command to end, and returns its exit status.
func (r *running) ends(t *testing.T, timeout time.Duration) int {
	t.Helper()
	select {
	case status := <-r.done:
		return status
	case <-time.After(timeout):
		t.Fatalf("%s has not ended after %s:\n%s%s", r.name, timeout, r.stdout.String(), r.stderr.String())
		return 0
	}
}

// eventually asks until there is no error.
func eventually(t *testing.T, timeout time.Duration, condition func() error) {
	t.Helper()
	deadline := time.Now().Add(timeout)
	for {
		err := condition()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s: %v", timeout, err)
		}
		time.Sleep(pollInterval)
	}
}

// shows wants all parts in a text.
func shows(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("missing: %s\nin: %s", part, text)
		}
	}
}

// rows are the lines of a table, with one space between columns.
func rows(table string) []string {
	var rows []string
	for line := range strings.Lines(table) {
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	return rows
}

// wantRows wants these lines in a table, in this order. The last column, the age, is not looked at.
func wantRows(t *testing.T, table string, want ...string) {
	t.Helper()
	got := rows(table)
	for i, row := range got {
		got[i] = row[:max(0, strings.LastIndex(row, " "))]
	}
	if !slices.Equal(got, want) {
		t.Errorf("the table\n%s\nhas not the rows\n%s", table, strings.Join(want, "\n"))
	}
}
