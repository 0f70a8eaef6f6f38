package environment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	stopTimeout = time.Minute
	// logTail is how much of a log an error shows, in bytes.
	logTail = 4000
)

// process is a program that runs until the environment stops.
type process struct {
	name    string
	log     string
	command *exec.Cmd
	// exited is closed once it is gone.
	exited chan struct{}
	// reported is set when an error has already told that it is gone.
	reported bool
}

// launch starts a program without waiting for more. name is that of its log.
func (r *Running) launch(ctx context.Context, name, program string, variables []string, args ...string) (*process, error) {
	script, err := r.guard.Watch(name, program)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(r.logFile(name))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{
		name: name,
		log:  log.Name(),
		// It outlives the start of the environment.
		command: exec.CommandContext(context.WithoutCancel(ctx), script, args...),
		exited:  make(chan struct{}),
	}
	p.command.Env = append(os.Environ(), variables...)
	p.command.Stdout, p.command.Stderr = log, log
	// An interrupt at the terminal is for this process, which ends the others itself.
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	// Ends with the program.
	go func() {
		_ = p.command.Wait()
		close(p.exited)
	}()
	r.closers = append(r.closers, func() error { return errors.Join(p.stop(), r.guard.Forget(name)) })
	return p, nil
}

// logFile is for what a program prints.
func (r *Running) logFile(name string) string { return filepath.Join(r.dir, name+".log") }

// await waits for a condition, for as long as the program runs.
func (p *process) await(ctx context.Context, condition func(context.Context) error) error {
	err := await(ctx, p.exited, condition)
	if errors.Is(err, errEnded) {
		p.reported = true
		return fmt.Errorf("%s ended before it was ready: %s%s", p.name, p.command.ProcessState, tail(p.log))
	}
	if err != nil {
		return fmt.Errorf("%s is not ready: %w%s", p.name, err, tail(p.log))
	}
	return nil
}

// stop asks the program to end. It is an error if that has ended by itself, or does not end well.
func (p *process) stop() error {
	select {
	case <-p.exited:
		if p.reported {
			return nil
		}
		return fmt.Errorf("%s ended by itself: %s%s", p.name, p.command.ProcessState, tail(p.log))
	default:
	}
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	select {
	case <-p.exited:
	case <-time.After(stopTimeout):
		err := p.command.Process.Kill()
		<-p.exited
		return errors.Join(fmt.Errorf("%s was killed because it had not stopped after %s%s", p.name, stopTimeout, tail(p.log)), err)
	}
	status, ok := p.command.ProcessState.Sys().(syscall.WaitStatus)
	// Not every program tidies up.
	obeyed := ok && status.Signaled() && status.Signal() == syscall.SIGTERM
	if !obeyed && !p.command.ProcessState.Success() {
		return fmt.Errorf("%s did not stop well: %s%s", p.name, p.command.ProcessState, tail(p.log))
	}
	return nil
}

// tail is the end of a log, for the end of an error.
func tail(log string) string {
	text, err := os.ReadFile(log)
	if err != nil {
		return "\n" + err.Error()
	}
	end := string(text)
	if len(end) > logTail {
		_, end, _ = strings.Cut(end[len(end)-logTail:], "\n")
		end = "…\n" + end
	}
	return fmt.Sprintf("\n%s ends with:\n%s", log, strings.TrimSpace(end))
}
