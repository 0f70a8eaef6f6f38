package main

import (
	"cmp"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

const rye = `{"apiVersion": "bakery.example.com/v1", "kind": "Loaf", "metadata": {"name": "rye"}, "flour": "rye"}`

// TestKubectl goes through what kubectl does, on each database, and looks again after a restart.
func TestKubectl(t *testing.T) {
	program := filepath.Join(t.TempDir(), "bakery")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for name, flag := range map[string]string{
		"SQLite":     "--sqlite-path=" + filepath.Join(t.TempDir(), "bakery.db"),
		"PostgreSQL": "--postgresql-dsn=" + postgrestest.Shared(t).NewDatabase(t).DSN(),
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, program, flag)
			s.kubectl(rye, "loaf.bakery.example.com/rye created", "create", "--filename=-")
			s.kubectl(strings.ReplaceAll(rye, `"flour": "rye"`, `"flour": ""`), "flour: Required value", "replace", "--filename=-")
			s.kubectl(strings.ReplaceAll(rye, "rye", "spelt"), "serverside-applied", "apply", "--server-side", "--filename=-")
			s.kubectl("", "labeled", "label", "loaf", "spelt", "sold=yes")
			s.kubectl("", "loaf.bakery.example.com/spelt", "get", "loaves", "--selector=sold=yes", "--output=name")
			s.kubectl("", "condition met", "wait", "--for=jsonpath={.flour}=rye", "loaf/rye")
			s.kubectl("", "FIELDS", "explain", "loaf")
			s.kubectl("", "deleted", "delete", "loaf", "rye")
			s.stop(t)

			s = start(t, program, flag)
			s.kubectl("", "spelt", "get", "loaves", "--output=jsonpath={.items[*].metadata.name}")
			s.stop(t)
		})
	}
}

type server struct {
	*exec.Cmd
	// kubectl is run with an input, and has to say something.
	kubectl func(input, want string, args ...string)
}

func start(t *testing.T, program, flag string) server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s := server{Cmd: exec.Command(program, flag, "--bind-address=127.0.0.1", "--secure-port="+port)}
	log := &strings.Builder{}
	s.Stderr = log
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Process.Kill()
		if t.Failed() {
			t.Log(log)
		}
	})
	kubectl := func(input string, args ...string) (string, error) {
		command := exec.Command(cmp.Or(os.Getenv("KUBECTL"), "../../bin/kubectl"),
			append([]string{"--server=https://" + address, "--insecure-skip-tls-verify", "--token=none"}, args...)...)
		command.Env = append(os.Environ(), "HOME="+t.TempDir(), "KUBECONFIG=")
		command.Stdin = strings.NewReader(input)
		output, err := command.CombinedOutput()
		return string(output), err
	}
	for deadline := time.Now().Add(time.Minute); ; {
		output, err := kubectl("", "get", "--raw=/readyz")
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not get ready: %v\n%s", err, output)
		}
	}
	s.kubectl = func(input, want string, args ...string) {
		t.Helper()
		if output, err := kubectl(input, args...); !strings.Contains(output, want) {
			t.Errorf("kubectl %s: got %q (%v), want %q", strings.Join(args, " "), output, err, want)
		}
	}
	return s
}

// stop wants the server to end as it should.
func (s server) stop(t *testing.T) {
	t.Helper()
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Error(err)
	}
}
