package framework

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/onsi/ginkgo/v2"
	"sigs.k8s.io/controller-runtime/pkg/client/config"

	"ark.ai/apiserver/conformance/environment"
)

var (
	environmentFile = flag.String("environment", "", "file that describes a running environment")
	mode            = flag.String("mode", "", "how the Ark API is served: standalone, aggregated, kind, cluster, crd or kubernetes; as the suite needs it, if nothing is said, or else standalone")
	host            = flag.String("host", "127.0.0.1", "with -kubeconfig: an address of this machine that the cluster reaches, for webhooks")
	driver          = flag.String("driver", environment.SQLite, "the server's database: sqlite, postgresql or mysql, or etcd in mode kubernetes")
)

// kubeconfig is that of any cluster that serves the Ark API. controller-runtime, which the
// environment uses, has registered this flag already.
var kubeconfig = flag.Lookup(config.KubeconfigFlagName).Value

// ownDir has the files of the environment that this process has started, if it has.
var ownDir string

// findEnvironment starts one unless there is one.
func findEnvironment(ctx context.Context) *environment.Environment {
	switch {
	case *environmentFile != "" && kubeconfig.String() != "":
		ginkgo.Fail("-environment and -kubeconfig exclude each other")
	case *environmentFile != "":
		env, err := environment.Load(*environmentFile)
		must(err)
		return env
	case kubeconfig.String() != "":
		return &environment.Environment{Mode: *mode, Driver: *driver, Kubeconfig: kubeconfig.String(), Host: *host}
	}
	var err error
	ownDir, err = os.MkdirTemp("", "conformance-")
	must(err)
	running, err := environment.Start(ctx, environment.Options{Mode: *mode, Driver: *driver, Dir: ownDir})
	must(err)
	ginkgo.DeferCleanup(func() { must(running.Stop()) })
	if running.Mode == environment.Standalone || running.Mode == environment.Aggregated {
		must(running.Check(ctx))
	}
	return &running.Environment
}

// must fails with the text of an error, which has the ends of logs, and nothing else.
func must(err error) {
	if err != nil {
		ginkgo.Fail(err.Error(), 1)
	}
}

// keepLogs removes the files of the environment, but for logs that somebody may want to read.
func keepLogs(report ginkgo.Report) {
	if ownDir == "" {
		return
	}
	if report.SuiteSucceeded {
		must(os.RemoveAll(ownDir))
		return
	}
	entries, err := os.ReadDir(ownDir)
	must(err)
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".log" {
			must(os.RemoveAll(filepath.Join(ownDir, entry.Name())))
		}
	}
	fmt.Printf("The logs of the environment are %s/*.log\n", ownDir)
}
