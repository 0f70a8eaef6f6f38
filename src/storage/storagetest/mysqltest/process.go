package mysqltest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	startTimeout = 90 * time.Second
	stopTimeout  = 60 * time.Second
	pollInterval = 20 * time.Millisecond
)

// process is the running server.
type process struct {
	sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{}
	guard  io.WriteCloser
}

// start waits until the server answers.
func (s *Server) start() error {
	s.process.Lock()
	defer s.process.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := s.launch(ctx); err != nil {
		return err
	}
	return s.keepGuard()
}

func (s *Server) launch(ctx context.Context) error {
	log, err := os.Create(s.log)
	if err != nil {
		return err
	}
	defer log.Close()
	args := append(s.files(), "--socket="+s.socket(), "--bind-address="+s.Host, "--port="+strconv.Itoa(s.Port), "--pid-file="+filepath.Join(s.Dir, "pid"),
		"--skip-name-resolve", "--max-connections=500", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1")
	for _, setting := range s.settings {
		args = append(args, "--"+setting)
	}
	cmd, err := command(s.Dir, "mariadbd", args...)
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start mariadbd: %w", err)
	}
	exited := make(chan struct{})
	// Ends with the server.
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	s.process.cmd, s.process.exited = cmd, exited
	for {
		err := s.admin.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-exited:
			text, _ := os.ReadFile(s.log)
			return fmt.Errorf("mariadbd ended at once:\n%s", text)
		case <-ctx.Done():
			return fmt.Errorf("mariadbd does not answer: %w", errors.Join(err, cmd.Process.Kill()))
		case <-time.After(pollInterval):
		}
	}
}

// keepGuard has the server ended, and its files removed, should the tests be killed: then the guard's input ends
// without a word from endGuard.
func (s *Server) keepGuard() error {
	if s.process.guard != nil {
		return nil
	}
	guard := exec.Command("sh", "-c", `read word || { kill -KILL "$(cat "$1/pid")"; sleep 1; rm -rf "$1"; }`, "sh", s.Dir)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := guard.StdinPipe()
	if err != nil {
		return err
	}
	s.process.guard = input
	return guard.Start()
}

func (p *process) endGuard() error {
	if p.guard == nil {
		return nil
	}
	_, err := io.WriteString(p.guard, "done\n")
	return errors.Join(err, p.guard.Close())
}

// end waits until the server is gone.
func (s *Server) end(signal os.Signal) error {
	s.process.Lock()
	defer s.process.Unlock()
	if err := s.process.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end mariadbd: %w", err)
	}
	select {
	case <-s.process.exited:
		return nil
	case <-time.After(stopTimeout):
		return errors.Join(fmt.Errorf("mariadbd did not end within %s", stopTimeout), s.process.cmd.Process.Kill())
	}
}

// End ends the server by a signal. Tests have Stop and Kill instead.
func (s *Server) End(signal os.Signal) error { return s.end(signal) }

// Run runs the server again, on the same port, after End. Tests have Start instead.
func (s *Server) Run() error { return s.start() }

// Pause has the server stand still (SIGSTOP), until Resume.
func (s *Server) Pause() error { return s.process.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume has it go on.
func (s *Server) Resume() error { return s.process.cmd.Process.Signal(syscall.SIGCONT) }
