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

	"k8s.io/client-go/rest"

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

// server is the process that is asked: ours, where it is.
func (s *subject) server() (int, error) {
	if last := len(s.restarted) - 1; last >= 0 {
		return s.restarted[last].Process.Pid, nil
	}
	if s.selects() {
		return s.env.Servers[0].PID, nil
	}
	found, err := below(s.processes)
	if err != nil {
		return 0, err
	}
	for _, p := range found {
		args, err := commandLine(p.pid)
		if err == nil && filepath.Base(args[0]) == "kube-apiserver" {
			return p.pid, nil
		}
	}
	return 0, errors.New("kube-apiserver does not run")
}

// diskMiB is what the database takes, with its logs.
func (s *subject) diskMiB() (float64, error) {
	var patterns []string
	switch s.driver {
	case "":
		patterns = []string{filepath.Join(s.dir, "etcd")}
	case environment.SQLite:
		patterns = []string{filepath.Join(s.dir, "*.db*")}
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

// restart a server with the same arguments. It is ready when a list is answered.
func (s *subject) restart(ctx context.Context, r *result) error {
	command, err := s.stopServer()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := s.startServer(ctx, command); err != nil {
		return err
	}
	own := map[int]bool{command.Process.Pid: true}
	r.Requests, r.Seconds = 1, time.Since(began).Seconds()
	cpu, err := cpuOf(own)
	if err != nil {
		return err
	}
	r.ServerCPU = cpu.Seconds()
	r.MiB, err = residentMiB(own)
	return err
}

// commandOf is the one that has started a process.
func commandOf(pid int) (*exec.Cmd, error) {
	args, err := commandLine(pid)
	if err != nil {
		return nil, err
	}
	command := exec.Command(args[0], args[1:]...)
	command.Env, err = environOf(pid)
	return command, err
}

// stopServer returns the command that starts it again.
func (s *subject) stopServer() (*exec.Cmd, error) {
	pid, err := s.server()
	if err != nil {
		return nil, err
	}
	command, err := commandOf(pid)
	if err != nil {
		return nil, err
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return nil, err
	}
	for _, command := range s.restarted {
		if command.Process.Pid == pid {
			_ = command.Wait()
		}
	}
	for !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		time.Sleep(50 * time.Millisecond)
	}
	address := s.serverConfig().Host
	// It listens where it did.
	command.Args = append(command.Args, "--secure-port="+address[strings.LastIndex(address, ":")+1:])
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return command, nil
}

// serverConfig is for requests straight to the server, which another one can't answer.
func (s *subject) serverConfig() *rest.Config {
	if s.selects() {
		return s.env.Servers[0].Config(s.config)
	}
	return s.config
}

// startServer waits until a list is answered.
func (s *subject) startServer(ctx context.Context, command *exec.Cmd) error {
	config := s.serverConfig()
	client, err := newClient(config)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	if err := command.Start(); err != nil {
		return err
	}
	s.processes[command.Process.Pid] = true
	s.restarted = append(s.restarted, command)
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		response, err := send(ctx, client, config.Host, http.MethodGet, all+"?limit=1", "", "")
		if err == nil {
			return response.Body.Close()
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
}

func commandLine(pid int) ([]string, error) { return stringsIn(pid, "cmdline") }
func environOf(pid int) ([]string, error)   { return stringsIn(pid, "environ") }

func stringsIn(pid int, file string) ([]string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	return strings.Split(strings.TrimSuffix(string(content), "\x00"), "\x00"), err
}
