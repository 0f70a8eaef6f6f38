package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// PollInterval is how often a server is asked whether it answers.
const PollInterval = 20 * time.Millisecond

// Process is the main process of a server, one after the other. Whoever calls Launch, Guard or
// Signal holds the mutex.
type Process struct {
	// Name of the program, and how long it may take to end.
	Name        string
	StopTimeout time.Duration

	sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{}
	guard  io.WriteCloser
}

// Launch starts the process, with its output in a file, and waits until it answers.
func (p *Process) Launch(ctx context.Context, cmd *exec.Cmd, logFile string, answers func(context.Context) error) error {
	log, err := os.Create(logFile)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	exited := make(chan struct{})
	// Ends with the server.
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	p.cmd, p.exited = cmd, exited
	for {
		err := answers(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-exited:
			text, _ := os.ReadFile(logFile)
			return fmt.Errorf("%s ended at once:\n%s", p.Name, text)
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", p.Name, errors.Join(err, cmd.Process.Kill()))
		case <-time.After(PollInterval):
		}
	}
}

// Guard has the server ended by a command of the shell, with the directory as $1, and the directory
// removed, should the tests be killed: then the guard's input ends without a word from Release.
func (p *Process) Guard(dir, end string) error {
	if p.guard != nil {
		return nil
	}
	guard := exec.Command("sh", "-c", `read word || { `+end+`; sleep 1; rm -rf "$1"; }`, "sh", dir)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := guard.StdinPipe()
	if err != nil {
		return err
	}
	p.guard = input
	return guard.Start()
}

// Release ends the guard.
func (p *Process) Release() error {
	if p.guard == nil {
		return nil
	}
	_, err := io.WriteString(p.guard, "done\n")
	return errors.Join(err, p.guard.Close())
}

// End waits until the process, which gets the signal, is gone.
func (p *Process) End(signal os.Signal) error {
	p.Lock()
	defer p.Unlock()
	if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end %s: %w", p.Name, err)
	}
	select {
	case <-p.exited:
		return nil
	case <-time.After(p.StopTimeout):
		return errors.Join(fmt.Errorf("%s did not end within %s", p.Name, p.StopTimeout), p.cmd.Process.Kill())
	}
}

// PID of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Signal sends it a signal.
func (p *Process) Signal(signal os.Signal) error { return p.cmd.Process.Signal(signal) }
