package kubectl_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	readyTimeout = 90 * time.Second
	stopTimeout  = 60 * time.Second
	pollInterval = 100 * time.Millisecond
)

// server is a running ark-apiserver.
type server struct {
	dir            string
	command        *exec.Cmd
	stdout, stderr output
	// exited is closed once the process is gone.
	exited chan struct{}
	guard  io.WriteCloser
	// readyAfter is the time from the start to the message that it is ready.
	readyAfter time.Duration
}

// output collects what a process writes while others read it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// serverCommand is a server with everything in dir, on a free port unless args say otherwise.
func serverCommand(dir string, environment []string, args ...string) *exec.Cmd {
	command := exec.Command(serverProgram, append([]string{"--data-dir", dir, "--secure-port", "0"}, args...)...)
	command.Env = append(os.Environ(), environment...)
	return command
}

// startServer waits until the server says that it is ready.
func startServer(dir string, environment []string, args ...string) (*server, error) {
	s := &server{dir: dir, command: serverCommand(dir, environment, args...), exited: make(chan struct{})}
	s.command.Stdout, s.command.Stderr = &s.stdout, &s.stderr
	// An interrupt at the terminal is for the tests, which end the server themselves.
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	begin := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	// Ends with the server.
	go func() {
		_ = s.command.Wait()
		close(s.exited)
	}()
	if err := s.keepGuard(); err != nil {
		return nil, errors.Join(err, s.command.Process.Kill())
	}
	for deadline := time.After(readyTimeout); ; {
		if strings.Contains(s.stdout.String(), "is ready") {
			s.readyAfter = time.Since(begin)
			return s, nil
		}
		select {
		case <-s.exited:
			return nil, fmt.Errorf("ark-apiserver ended before it was ready:\n%s", s.stderr.String())
		case <-deadline:
			return nil, errors.Join(fmt.Errorf("ark-apiserver is not ready after %s:\n%s", readyTimeout, s.stderr.String()), s.command.Process.Kill())
		case <-time.After(pollInterval):
		}
	}
}

// keepGuard has the server ended should the tests be killed: then the guard's input ends without a word from it.
func (s *server) keepGuard() (err error) {
	guard := exec.Command("sh", "-c", `read word || kill -KILL "$1"`, "sh", fmt.Sprint(s.command.Process.Pid))
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.guard, err = guard.StdinPipe(); err != nil {
		return err
	}
	if err := guard.Start(); err != nil {
		return err
	}
	// Ends with the server.
	go func() {
		<-s.exited
		_, _ = io.WriteString(s.guard, "done\n")
		_ = guard.Wait()
	}()
	return nil
}

// newServer runs a server until the test ends.
func newServer(t *testing.T, dir string, environment []string, args ...string) *server {
	t.Helper()
	s, err := startServer(dir, environment, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

// end sends a signal and returns the exit status, -1 for a process that the signal ended.
func (s *server) end(t *testing.T, signal os.Signal) int {
	t.Helper()
	if err := s.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.exited:
	case <-time.After(stopTimeout):
		t.Fatalf("ark-apiserver runs on %s after %s", stopTimeout, signal)
	}
	return s.command.ProcessState.ExitCode()
}

// kill is for a server that nobody needs any more.
func (s *server) kill() {
	_ = s.command.Process.Kill()
	<-s.exited
}

func (s *server) kubeconfig() string { return filepath.Join(s.dir, "admin.kubeconfig") }
