package environment_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"ark.ai/apiserver/conformance/environment"
)

// TestEnvironments starts those that no suite starts by itself: what suites start, they check too.
func TestEnvironments(t *testing.T) {
	for _, mode := range []string{environment.Standalone, environment.Aggregated} {
		options := environment.Options{Mode: mode, Driver: environment.MySQL, Dir: t.TempDir()}
		t.Run(options.String(), func(t *testing.T) {
			running, err := environment.Start(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			if err := running.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if err := running.Stop(); err != nil {
				t.Error(err)
			}
			for _, pid := range processes(t, options.Dir) {
				if isRunning(pid) {
					t.Errorf("process %d goes on", pid)
				}
			}
		})
		if os.Getenv("ARK_APISERVER") == "" {
			// The first environment has built it for the others.
			t.Setenv("ARK_APISERVER", filepath.Join(options.Dir, "ark-apiserver"))
		}
	}
}

func isRunning(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
