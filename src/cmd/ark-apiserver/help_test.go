package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// execute returns what a command line prints, and its error.
func execute(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	command := newCommand()
	command.SetOut(&out)
	command.SetErr(&out)
	command.SetArgs(args)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

func TestHelpIsShort(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"aggregated", "--help"}} {
		short, err := execute(t, args...)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(short, "\n"); lines > 50 {
			t.Errorf("%v: %d lines", args, lines)
		}
		for _, want := range []string{"--storage-driver", "--sqlite-path", "--postgresql-host", "--mysql-host", "--help-all shows all"} {
			if !strings.Contains(short, want) {
				t.Errorf("%v says nothing of %s", args, want)
			}
		}
	}
	short, _ := execute(t, "--help")
	all, err := execute(t, "--help-all")
	if err != nil {
		t.Fatal(err)
	}
	newCommand().Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden && flag.Deprecated == "" && !strings.Contains(all, "--"+flag.Name) {
			t.Errorf("--help-all says nothing of --%s", flag.Name)
		}
	})
	for _, command := range newCommand().Commands() {
		if !strings.Contains(short, "\n  "+command.Name()+" ") {
			t.Errorf("--help says nothing of %s", command.Name())
		}
	}
}

func TestWhatIsMistyped(t *testing.T) {
	for args, want := range map[string]string{
		"--storage-drivr=sqlite":        "unknown flag: --storage-drivr: did you mean --storage-driver?",
		"aggregated --postgres-host=db": "unknown flag: --postgres-host: did you mean --postgresql-host?",
		"agregated":                     `unknown command "agregated": did you mean aggregated?`,
		"serve":                         `unknown command "serve": see --help`,
		"--nothing-that-there-is":       "unknown flag: --nothing-that-there-is: see --help",
		"migrate --postgresql-hots=db":  "unknown flag: --postgresql-hots: did you mean --postgresql-host?",
	} {
		if _, err := execute(t, strings.Fields(args)...); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", args, err, want)
		}
	}
}

func TestVersion(t *testing.T) {
	flag, err := execute(t, "--version")
	if err != nil {
		t.Fatal(err)
	}
	command, err := execute(t, "version")
	if err != nil || flag != command || !strings.HasPrefix(flag, "ark-apiserver v") {
		t.Errorf("--version prints %q, version %q (%v)", flag, command, err)
	}
}
