package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/report"
)

// programs are built once, for all columns.
type programs struct {
	dir    string
	ginkgo string
	// versions and commit are those of what was built.
	versions map[string]string
	commit   string
	// suites are built where their sources are, because that is where they run.
	suites map[string]string
	// broken are the suites that could not be built, with what the compiler said.
	broken map[string]string
}

func build(ctx context.Context, plan report.Plan) (*programs, error) {
	dir, err := os.MkdirTemp("", "verify-")
	if err != nil {
		return nil, err
	}
	p := &programs{dir: dir, ginkgo: filepath.Join(dir, "ginkgo"), suites: map[string]string{}, broken: map[string]string{}}
	if err := p.buildAll(ctx, plan); err != nil {
		return nil, errors.Join(err, p.remove())
	}
	return p, nil
}

func (p *programs) buildAll(ctx context.Context, plan report.Plan) error {
	var err error
	p.commit = commit(ctx)
	if p.versions, err = versions(ctx); err != nil {
		return err
	}
	if output, err := goCommand(ctx, "build", "-o", p.ginkgo, "github.com/onsi/ginkgo/v2/ginkgo"); err != nil {
		return fmt.Errorf("build ginkgo: %w\n%s", err, output)
	}
	for _, requirement := range plan.Criteria {
		if requirement.LeftOut != "" || !slices.ContainsFunc(plan.Columns, func(target report.Target) bool { return requirement.AppliesTo(target.Mode) }) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		fmt.Printf("building suite %s\n", requirement.Suite)
		// ginkgo itself builds and removes a file with the name of the folder.
		path := filepath.Join(requirement.Sources(), fmt.Sprintf("verify-%d.test", os.Getpid()))
		p.suites[requirement.Suite] = path
		// Some suites are Go modules of their own.
		if output, err := goCommand(ctx, "-C", requirement.Sources(), "test", "-c", "-o", filepath.Base(path), "."); err != nil {
			p.broken[requirement.Suite] = output
		}
	}
	needed := map[string]string{
		"ARK_CONFORMANCE_MANAGER": "./conformance/controllers/manager",
		"ARK_EXAMPLE_CONTROLLER":  "./examples/controller",
	}
	// Where there are nodes, the server comes as an image.
	if slices.ContainsFunc(plan.Columns, func(target report.Target) bool { return !slices.Contains(withNodes, target.Mode) }) {
		needed["ARK_APISERVER"] = "./src/cmd/ark-apiserver"
	}
	for variable, pkg := range needed {
		path := filepath.Join(p.dir, filepath.Base(pkg))
		if err := provide(variable, path, exec.CommandContext(ctx, "go", "build", "-o", path, pkg)); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(plan.Columns, func(target report.Target) bool {
		return target.Mode == environment.Kubernetes && target.Driver != environment.Etcd
	}) {
		path := filepath.Join(p.dir, "kube-apiserver-sql")
		return provide("KUBE_APISERVER_SQL", path, exec.CommandContext(ctx, "tools/kube-apiserver-sql", path))
	}
	return nil
}

// provide builds a program, and names it to the environment, which this process starts, and to the
// suites.
func provide(variable, path string, build *exec.Cmd) error {
	name := filepath.Base(path)
	fmt.Printf("building %s\n", name)
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", name, err, output)
	}
	return os.Setenv(variable, path)
}

func (p *programs) remove() error {
	errs := []error{os.RemoveAll(p.dir)}
	for _, path := range p.suites {
		if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func goCommand(ctx context.Context, args ...string) (output string, err error) {
	combined, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	return string(combined), err
}
