package environment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Guard has programs ended should this process be killed: then its input ends without a word from
// Dismiss.
type Guard struct {
	// dir has a script for each program, and the process ID of each that runs.
	dir     string
	command *exec.Cmd
	input   io.WriteCloser
}

// NewGuard starts one that keeps its files in a folder of dir.
func NewGuard(ctx context.Context, dir string) (*Guard, error) {
	g := &Guard{dir: filepath.Join(dir, "processes")}
	if err := os.MkdirAll(g.dir, 0o700); err != nil {
		return nil, err
	}
	g.command = exec.CommandContext(context.WithoutCancel(ctx), "sh", "-c", `read word || cat "$1"/*.pid | xargs kill -KILL`, "sh", g.dir)
	g.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := g.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	g.input = input
	return g, g.command.Start()
}

// Watch returns the path of a script that runs a command with the arguments that it is given, and
// lets the guard know. Such a script is needed because not all programs are started by whoever has
// the guard.
func (g *Guard) Watch(name string, command ...string) (script string, err error) {
	script = filepath.Join(g.dir, name)
	var words strings.Builder
	for _, word := range command {
		words.WriteString(quote(word) + " ")
	}
	text := fmt.Sprintf("#!/bin/sh\necho $$ > %s\nexec %s\"$@\"\n", quote(g.pidFile(name)), words.String())
	return script, os.WriteFile(script, []byte(text), 0o700)
}

// Processes are the programs that have been started, by name, with their process IDs.
func (g *Guard) Processes() (map[string]int, error) {
	files, err := filepath.Glob(g.pidFile("*"))
	if err != nil {
		return nil, err
	}
	processes := make(map[string]int)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if processes[name], err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return processes, nil
}

// Forget is for a program that has ended: another process may get its ID.
func (g *Guard) Forget(name string) error { return os.Remove(g.pidFile(name)) }

func (g *Guard) pidFile(name string) string { return filepath.Join(g.dir, name+".pid") }

// Dismiss ends the guard when there is nothing left to watch.
func (g *Guard) Dismiss() error {
	_, err := io.WriteString(g.input, "done\n")
	return errors.Join(err, g.input.Close(), g.command.Wait())
}

// quote makes a word for the shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
