// Package lint has the tests of checks that are scripts.
package lint

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// vulnerability is one in a function that each Go program with tests has.
const vulnerability = `{
	"schema_version": "1.3.1", "id": "GO-2026-0001", "modified": "2026-11-28T00:00:00Z", "published": "2026-11-28T00:00:00Z",
	"summary": "Files can be opened in os",
	"affected": [{
		"package": {"name": "stdlib", "ecosystem": "Go"},
		"ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "99.0.0"}]}],
		"ecosystem_specific": {"imports": [{"path": "os", "symbols": ["OpenFile"]}]}
	}]
}`

func TestVulnerabilities(t *testing.T) {
	for name, test := range map[string]struct {
		// database is made by the test, or there is none.
		database bool
		accepted string
		status   int
		says     string
	}{
		"that are there fail":             {true, "", 1, "GO-2026-0001 Files can be opened in os: stdlib v"},
		"that are accepted do not":        {true, "GO-2026-0001 It is what we want.\n", 0, "Accepted: GO-2026-0001 It is what we want."},
		"that are accepted have to exist": {true, "GO-2026-0001 It is.\nGO-2020-0002 It was.\n", 1, "GO-2020-0002 is not found: delete it"},
		"can't be known from nothing":     {false, "", 2, "NOTHING WAS CHECKED"},
	} {
		t.Run(name, func(t *testing.T) {
			program, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			accepted := filepath.Join(dir, "accepted")
			command := exec.Command("../vulnerabilities", "", program, accepted)
			files := map[string]string{accepted: test.accepted}
			if test.database {
				command.Args[1] = dir
				files[filepath.Join(dir, "GO-2026-0001.json")] = vulnerability
			} else {
				command.Env = append(os.Environ(), "GOPROXY=off", "GOMODCACHE="+dir)
			}
			for path, text := range files {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			output, err := command.CombinedOutput()
			if exit := (&exec.ExitError{}); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if status := command.ProcessState.ExitCode(); status != test.status || !strings.Contains(string(output), test.says) {
				t.Errorf("status %d, not %d, and it says\n%s\nnot %s", status, test.status, output, test.says)
			}
		})
	}
}
