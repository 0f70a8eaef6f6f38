package mysqltest

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	startTimeout = 90 * time.Second
	stopTimeout  = 60 * time.Second
)

// start waits until the server answers.
func (s *Server) start() error {
	s.process.Lock()
	defer s.process.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	args := append(s.files(), "--socket="+s.socket(), "--bind-address="+s.Host, "--port="+strconv.Itoa(s.Port), "--pid-file="+filepath.Join(s.Dir, "pid"),
		"--skip-name-resolve", "--max-connections=2000", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1")
	for _, setting := range s.settings {
		args = append(args, "--"+setting)
	}
	cmd, err := command(s.Dir, "mariadbd", args...)
	if err != nil {
		return err
	}
	if err := s.process.Launch(ctx, cmd, s.log, s.admin.PingContext); err != nil {
		return err
	}
	return s.process.Guard(s.Dir, `kill -KILL "$(cat "$1/pid")"`)
}

// End ends the server by a signal. Tests have Stop and Kill instead.
func (s *Server) End(signal os.Signal) error { return s.process.End(signal) }

// Run runs the server again, on the same port, after End. Tests have Start instead.
func (s *Server) Run() error { return s.start() }

// Pause has the server stand still (SIGSTOP), until Resume.
func (s *Server) Pause() error { return s.process.Signal(syscall.SIGSTOP) }

// Resume has it go on.
func (s *Server) Resume() error { return s.process.Signal(syscall.SIGCONT) }
