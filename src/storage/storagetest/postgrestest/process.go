package postgrestest

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

	"github.com/jackc/pgx/v5"
)

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 30 * time.Second
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
	for {
		err := s.launch(ctx)
		if err == nil {
			break
		}
		// After Kill the old processes hold on to shared memory for a moment.
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pollInterval):
		}
	}
	return s.keepGuard()
}

func (s *Server) launch(ctx context.Context) error {
	log, err := os.Create(s.log)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd, err := command(s.Dir, filepath.Join(s.programs, "postgres"), "-D", s.dataDir(), "-p", strconv.Itoa(s.Port))
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	exited := make(chan struct{})
	// Ends with the server.
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	s.process.cmd, s.process.exited = cmd, exited
	for {
		conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s port=%d user=%s dbname=postgres", s.Dir, s.Port, Username))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-exited:
			text, _ := os.ReadFile(s.log)
			return fmt.Errorf("postgres ended at once:\n%s", text)
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", errors.Join(err, cmd.Process.Kill()))
		case <-time.After(pollInterval):
		}
	}
}

// keepGuard has the server ended, and its files removed, should the tests be killed: then the guard's input ends
// without a word from remove.
func (s *Server) keepGuard() error {
	if s.process.guard != nil {
		return nil
	}
	guard := exec.Command("sh", "-c", `read word || { kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1"; }`, "sh", s.Dir)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := guard.StdinPipe()
	if err != nil {
		return err
	}
	s.process.guard = input
	return guard.Start()
}

// end waits until the server's main process is gone.
func (s *Server) end(signal os.Signal) error {
	s.process.Lock()
	defer s.process.Unlock()
	if err := s.process.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end postgres: %w", err)
	}
	select {
	case <-s.process.exited:
		return nil
	case <-time.After(stopTimeout):
		return fmt.Errorf("postgres did not end within %s: %w", stopTimeout, s.process.cmd.Process.Kill())
	}
}
