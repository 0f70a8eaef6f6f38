package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// columnFile is in each folder of results.
const columnFile = "column.json"

// Column is one environment, and what was run in it.
type Column struct {
	Target
	Started time.Time `json:"started"`
	// Seconds from the start of the environment to its end.
	Seconds float64 `json:"seconds"`
	// Processes that ran checks at a time.
	Processes int     `json:"processes"`
	Machine   Machine `json:"machine"`
	// Commit of the sources, with "-dirty" if they were changed since.
	Commit string `json:"commit"`
	// Versions of programs, by name.
	Versions map[string]string `json:"versions"`
	// Failure says why the environment could not be started or stopped.
	Failure string `json:"failure,omitempty"`
	// Suites that were run, by name.
	Suites map[string]Suite `json:"suites"`
}

// Machine is what the durations depend on.
type Machine struct {
	System    string `json:"system"`
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
}

// Suite is a run of a suite.
type Suite struct {
	Command string `json:"command"`
	// Seconds with the start of the processes.
	Seconds float64 `json:"seconds"`
	// Failure says how the suite ended, if not well.
	Failure string `json:"failure,omitempty"`
}

// Save writes the column's file into its folder.
func (c *Column) Save(folder string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, columnFile), append(data, '\n'), 0o644)
}

// loadColumn reads the file of a target's column. It is nil if there is no such file.
func loadColumn(results string, target Target) (*Column, error) {
	path := filepath.Join(results, target.Folder(), columnFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	column := &Column{}
	if err := json.Unmarshal(data, column); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if column.Target != target {
		return nil, fmt.Errorf("%s: it is about %s, not %s", path, column.Target, target)
	}
	return column, nil
}
