package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/report"
)

// column runs the suites in one environment, and writes the results into a folder.
type column struct {
	report.Column
	options  options
	programs *programs
	folder   string
}

func newColumn(options options, target report.Target, programs *programs) (*column, error) {
	folder, err := filepath.Abs(filepath.Join(options.output, target.Folder()))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return &column{
		Column: report.Column{
			Target: target, Started: time.Now(), Processes: options.processes, Machine: machine(),
			Commit: programs.commit, Versions: maps.Clone(programs.versions), Suites: map[string]report.Suite{},
		},
		options: options, programs: programs, folder: folder,
	}, nil
}

// run runs the suites that apply. What goes wrong is in the results, or red because it is not
// there.
func (c *column) run(ctx context.Context, requirements []report.Requirement) error {
	fmt.Printf("\n%s\n", c.Target)
	if err := c.runIn(ctx, requirements); err != nil {
		fmt.Printf("  %v\n", err)
		c.Failure = err.Error()
	}
	c.Seconds = time.Since(c.Started).Seconds()
	return c.Save(c.folder)
}

// runIn returns what goes wrong with the environment. What goes wrong with a suite is in the
// results.
func (c *column) runIn(ctx context.Context, requirements []report.Requirement) (err error) {
	if c.Kubernetes != "" {
		if err := environment.UseKubernetes(filepath.Join("bin", c.Kubernetes)); err != nil {
			return err
		}
	}
	if c.Versions["kubectl"], err = kubectlVersion(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "environment-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.keepLogs(dir), os.RemoveAll(dir)) }()
	running, err := environment.Start(ctx, environment.Options{Mode: c.Mode, Driver: c.Driver, Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	maps.Copy(c.Versions, running.Versions)
	described := filepath.Join(dir, "environment.json")
	if err := running.Save(described); err != nil {
		return err
	}
	fmt.Printf("  environment is ready after %.1f s\n", time.Since(c.Started).Seconds())
	for _, requirement := range inOrder(requirements) {
		if !requirement.AppliesTo(c.Mode) || requirement.LeftOut != "" {
			continue
		}
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		c.Suites[requirement.Suite] = c.runSuite(ctx, requirement.Suite, described)
		if err := c.Save(c.folder); err != nil {
			return err
		}
		if err := c.tell(requirement); err != nil {
			return err
		}
	}
	return nil
}

// inOrder is the requirements as they are run.
func inOrder(requirements []report.Requirement) []report.Requirement {
	ordered := slices.Clone(requirements)
	slices.SortStableFunc(ordered, func(a, b report.Requirement) int {
		switch {
		case a.Last == b.Last:
			return 0
		case a.Last:
			return 1
		}
		return -1
	})
	return ordered
}

// tell prints the result of a suite.
func (c *column) tell(requirement report.Requirement) error {
	r, err := report.Load(c.options.output, report.Plan{Criteria: []report.Requirement{requirement}, Columns: []report.Target{c.Target}})
	if err != nil {
		return err
	}
	cell := r.Criteria[0].Cells[0]
	fmt.Printf("  %-12s %-8s %3d passed %3d failed %3d skipped %6.1f s  %s\n",
		requirement.Suite, cell.State, cell.Passed, cell.Failed, cell.Skipped, cell.Seconds, cell.Reason)
	for _, failure := range r.Failures(r.Criteria[0]) {
		fmt.Printf("    ✗ %s %s\n      %s\n", failure.Group, failure.Check, failure.Result.Location)
	}
	return nil
}

// keepLogs copies the logs of an environment beside the results.
func (c *column) keepLogs(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".log" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(c.folder, "environment-"+entry.Name()), text, 0o644)
	})
}
