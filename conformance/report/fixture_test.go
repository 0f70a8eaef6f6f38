package report

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

const (
	criterion = "a criterion"
	suite     = "lists"
)

var (
	requirement = Requirement{Criterion: criterion, Suite: suite}
	sqlite      = Target{Mode: "standalone", Driver: "sqlite"}
	postgresql  = Target{Mode: "standalone", Driver: "postgresql"}
)

// fixtures are what ginkgo reports of the suites in testdata, which really run, once.
var fixtures = map[string]func() ([]byte, error){
	"green": sync.OnceValues(func() ([]byte, error) { return run("green") }),
	"red":   sync.OnceValues(func() ([]byte, error) { return run("red") }),
	"empty": sync.OnceValues(func() ([]byte, error) { return run("empty") }),
	// A part of the green one.
	"chosen": sync.OnceValues(func() ([]byte, error) { return run("green", "-ginkgo.focus=is complete") }),
	// What the ginkgo command leaves when a suite's processes were killed.
	"killed": func() ([]byte, error) { return []byte("[]\n"), nil },
}

func run(name string, args ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "fixture-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "report.json")
	args = append([]string{"test", "./testdata/" + name, "-count=1", "-args", "-ginkgo.json-report=" + path}, args...)
	output, err := exec.Command("go", args...).CombinedOutput()
	data, missing := os.ReadFile(path)
	if missing != nil {
		return nil, errors.Join(missing, err, errors.New(string(output)))
	}
	return data, nil
}

// column writes a column's folder into results, with what ginkgo reported of a fixture, if it is
// named.
func column(t *testing.T, results, fixture string, column Column) {
	t.Helper()
	folder := filepath.Join(results, column.Folder())
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := column.Save(folder); err != nil {
		t.Fatal(err)
	}
	if fixture == "" {
		return
	}
	data, err := fixtures[fixture]()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, suite+".json"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, results string, requirement Requirement, targets ...Target) *Report {
	t.Helper()
	report, err := Load(results, Plan{Criteria: []Requirement{requirement}, Columns: targets})
	if err != nil {
		t.Fatal(err)
	}
	return report
}
