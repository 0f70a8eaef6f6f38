package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"ark.ai/apiserver/conformance/environment"
)

// starts are what a server is, and becomes again, with everything there is.
var starts = []work{
	{name: "memory", do: func(_ context.Context, s *subject, r *result) (err error) {
		r.MiB, err = residentMiB(s.processes)
		return err
	}},
	{name: "memory of one server", do: func(_ context.Context, s *subject, r *result) error {
		pid, err := s.server()
		if err != nil {
			return err
		}
		r.MiB, err = residentMiB(map[int]bool{pid: true})
		return err
	}},
	{name: "disk", do: func(_ context.Context, s *subject, r *result) (err error) {
		r.MiB, err = s.diskMiB()
		return err
	}},
	{name: "idle for 10 s", do: func(ctx context.Context, _ *subject, r *result) error {
		r.Requests = 1
		select {
		case <-time.After(10 * time.Second):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}},
	{name: "start, until it answers", do: func(ctx context.Context, s *subject, r *result) error { return s.restart(ctx, r) }},
}

// server is the process that clients talk to: kube-apiserver where there is one.
func (s *subject) server() (int, error) {
	found, err := below(s.processes)
	if err != nil {
		return 0, err
	}
	for _, p := range found {
		if command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.pid)); err == nil && strings.Contains(string(command), s.program()+"\x00") {
			return p.pid, nil
		}
	}
	return 0, fmt.Errorf("%s does not run", s.program())
}

// diskMiB is what the database takes, with its logs.
func (s *subject) diskMiB() (float64, error) {
	var patterns []string
	switch s.env.Driver {
	case "":
		patterns = []string{filepath.Join(s.dir, "etcd")}
	case environment.SQLite:
		patterns = []string{filepath.Join(s.dir, "ark.db*")}
	default:
		// Database servers work in the folder of their data.
		found, err := below(s.processes)
		if err != nil {
			return 0, err
		}
		for _, p := range found {
			name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", p.pid))
			switch strings.TrimSpace(string(name)) {
			case "postgres", "mariadbd", "mysqld":
				dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", p.pid))
				if err != nil {
					return 0, err
				}
				if !slices.Contains(patterns, dir) {
					patterns = append(patterns, dir)
				}
			}
		}
	}
	var total float64
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return 0, err
		}
		for _, path := range paths {
			size, err := diskMiB(path)
			if err != nil {
				return 0, err
			}
			total += size
		}
	}
	return total, nil
}

// program is the one whose size and start are looked at: ours, where it is.
func (s *subject) program() string {
	if s.selects() {
		return "ark-apiserver"
	}
	return "kube-apiserver"
}

// restart a server with the same arguments. It is ready when a list is answered.
func (s *subject) restart(ctx context.Context, r *result) error {
	pid, err := s.server()
	if err != nil {
		return err
	}
	commandLine, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return err
	}
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return err
	}
	address := s.config.Host
	if s.selects() {
		address = s.env.Servers[0].URL
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return err
	}
	for {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	args := strings.Split(strings.TrimSuffix(string(commandLine), "\x00"), "\x00")
	// It listens where it did.
	args = append(args, "--secure-port="+address[strings.LastIndex(address, ":")+1:])
	command := exec.CommandContext(context.WithoutCancel(ctx), args[0], args[1:]...)
	command.Env = strings.Split(strings.TrimSuffix(string(environ), "\x00"), "\x00")
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	if err := command.Start(); err != nil {
		return err
	}
	own := map[int]bool{command.Process.Pid: true}
	s.processes[command.Process.Pid] = true
	s.restarted = append(s.restarted, command)
	deadline := time.Now().Add(5 * time.Minute)
	for {
		response, err := send(ctx, s.client, s.config.Host, http.MethodGet, all+"?limit=1", "", "")
		if err == nil {
			err = response.Body.Close()
		}
		if err == nil {
			break
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		time.Sleep(20 * time.Millisecond)
	}
	r.Requests, r.Seconds = 1, time.Since(began).Seconds()
	cpu, err := cpuOf(own)
	if err != nil {
		return err
	}
	r.ServerCPU = cpu.Seconds()
	r.MiB, err = residentMiB(own)
	return err
}
