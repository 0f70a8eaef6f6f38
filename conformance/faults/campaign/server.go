package campaign

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/server/datadir"
)

const (
	// startTimeout is for a server with an empty database on a busy machine.
	startTimeout = 2 * time.Minute
	stopTimeout  = time.Minute
	pollInterval = 20 * time.Millisecond
)

// server is one process of ark-apiserver at a time, on the same port and with the same data
// directory.
type server struct {
	index int
	dir   string
	// about is how it differs from others.
	about string
	// script runs the program.
	script    string
	flags     []string
	variables []string
	log       string
	// proxy is in front of its database, unless that is a file.
	proxy *proxy

	command *exec.Cmd
	exited  chan struct{}
}

// freePort is one that a server can be started on again and again.
func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// start starts the process, and waits until it is ready.
func (s *server) start(ctx context.Context) error {
	if err := s.launch(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := s.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("server %d ended at once: see %s", s.index, s.log)
		case <-ctx.Done():
			return fmt.Errorf("server %d is not ready: %w: see %s", s.index, err, s.log)
		case <-time.After(pollInterval):
		}
	}
}

func (s *server) launch(ctx context.Context) error {
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.command = exec.CommandContext(context.WithoutCancel(ctx), s.script, s.flags...)
	s.command.Env = append(os.Environ(), s.variables...)
	s.command.Stdout, s.command.Stderr = log, log
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.command.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	command := s.command
	// Ends with the process.
	go func() {
		_ = command.Wait()
		close(exited)
	}()
	s.exited = exited
	return nil
}

// config is for clients of the administrator, without a limit.
func (s *server) config() (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(s.dir, datadir.AdminKubeconfig))
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	return config, nil
}

// ready asks the server itself.
func (s *server) ready(ctx context.Context) error {
	config, err := s.config()
	if err != nil {
		return err
	}
	client, err := rest.UnversionedRESTClientFor(unversioned(config))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	return client.Get().AbsPath("/readyz").MaxRetries(0).Do(ctx).Error()
}

func (s *server) signal(signal syscall.Signal) error {
	if err := s.command.Process.Signal(signal); err != nil {
		return fmt.Errorf("send %s to server %d: %w", signal, s.index, err)
	}
	return nil
}

// end sends a signal and waits until the process is gone.
func (s *server) end(signal syscall.Signal) error {
	if s.command == nil {
		return nil
	}
	if err := s.signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(stopTimeout):
		return fmt.Errorf("server %d did not end within %s after %s: %w", s.index, stopTimeout, signal, s.command.Process.Kill())
	}
}
