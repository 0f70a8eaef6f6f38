package postgrestest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// End ends the server, by a signal to its main process. Tests have Stop and Kill instead.
func (s *Server) End(signal os.Signal) error { return s.process.End(signal) }

// Run runs the server again, on the same port, after End. Tests have Start instead.
func (s *Server) Run() error { return s.start() }

// Pause has all processes of the server stand still (SIGSTOP), until Resume.
func (s *Server) Pause() error { return s.signalAll(syscall.SIGSTOP) }

// Resume has them go on.
func (s *Server) Resume() error { return s.signalAll(syscall.SIGCONT) }

// Exec runs statements as the superuser, in the database postgres.
func (s *Server) Exec(ctx context.Context, statements string) error {
	return Database{Name: "postgres", server: s}.exec(ctx, statements)
}

// signalAll reaches the main process first, so that it starts no others. Each of these is the
// leader of a group of its own.
func (s *Server) signalAll(signal syscall.Signal) error {
	s.process.Lock()
	defer s.process.Unlock()
	main := s.process.PID()
	if err := syscall.Kill(main, signal); err != nil {
		return fmt.Errorf("send %s to postgres: %w", signal, err)
	}
	children, err := childrenOf(main)
	if err != nil {
		return err
	}
	for _, child := range children {
		// It may have ended.
		_ = syscall.Kill(child, signal)
	}
	return nil
}

func childrenOf(parent int) ([]int, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var children []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // It has ended.
		}
		// "12 (the name) S 11 …": the name may have anything in it.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			return nil, err
		}
		children = append(children, child)
	}
	return children, nil
}
