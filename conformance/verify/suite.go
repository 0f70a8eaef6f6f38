package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"ark.ai/apiserver/conformance/report"
)

// stopTimeout is how long an interrupted suite may clean up.
const stopTimeout = 2 * time.Minute

// runSuite runs a suite with several processes. What ginkgo reports goes to a file beside what it
// prints.
func (c *column) runSuite(ctx context.Context, suite, described string) report.Suite {
	tool := "tools/verify"
	if slices.Contains(withNodes, c.Mode) {
		tool = "tools/e2e"
	}
	run := report.Suite{Command: fmt.Sprintf("%s --suite=%s --mode=%s", tool, suite, c.Mode)}
	if c.Driver != "" {
		run.Command += " --driver=" + c.Driver
	}
	if c.Kubernetes != "" {
		run.Command += " --kubernetes=" + c.Kubernetes
	}
	logPath := filepath.Join(c.folder, suite+".log")
	if output, broken := c.programs.broken[suite]; broken {
		run.Failure = "it does not compile:\n" + output
		return run
	}
	log, err := os.Create(logPath)
	if err != nil {
		run.Failure = err.Error()
		return run
	}
	defer log.Close()
	command := exec.CommandContext(ctx, c.programs.ginkgo,
		"--procs", fmt.Sprint(c.options.processes), "--timeout", c.options.timeout.String(),
		"--flake-attempts", fmt.Sprint(c.options.attempts),
		"--no-color", "--fail-on-pending", "--fail-on-empty",
		"--output-dir", c.folder, "--json-report", suite+".json",
		c.programs.suites[suite], "--", "-environment="+described)
	command.Stdout, command.Stderr = log, log
	// The suite's processes are interrupted together, and only by this one.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.WaitDelay = stopTimeout
	started := time.Now()
	if err := command.Run(); err != nil {
		run.Failure = fmt.Sprintf("%v: see %s", err, filepath.Join(c.Folder(), suite+".log"))
	}
	run.Seconds = time.Since(started).Seconds()
	return run
}
