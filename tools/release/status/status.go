// Package status reads what tools/workspace-status tells Bazel of what is built.
package status

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// Status is what is built.
type Status struct {
	// Version is that of git, such as v1.2.3, or dev if it is not to be told.
	Version string
	// Revision is the commit. Empty if it is not to be told.
	Revision string
	// Date is that of the commit, or the Unix epoch.
	Date time.Time
}

// Read reads a file with a word and a value a line. Without a path, nothing is to be told.
func Read(path string) (Status, error) {
	if path == "" {
		return Status{Version: "dev", Date: time.Unix(0, 0).UTC()}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Status{}, err
	}
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		values[key] = value
	}
	for _, key := range []string{"STABLE_ARK_VERSION", "STABLE_ARK_REVISION", "STABLE_ARK_DATE"} {
		if values[key] == "" {
			return Status{}, fmt.Errorf("no %s in %s: --workspace_status_command has to be tools/workspace-status, as with --config=release", key, path)
		}
	}
	date, err := time.Parse(time.RFC3339, values["STABLE_ARK_DATE"])
	return Status{Version: values["STABLE_ARK_VERSION"], Revision: values["STABLE_ARK_REVISION"], Date: date}, err
}
