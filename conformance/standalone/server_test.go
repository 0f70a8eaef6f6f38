package standalone_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	arkclient "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
	"ark.ai/apiserver/src/server/datadir"
)

// server is a process of ark-apiserver.
type server struct {
	*gexec.Session
	dir string
}

// command is a server with everything in dir, on a free port unless flags say otherwise.
func command(dir string, flags ...string) *exec.Cmd {
	GinkgoHelper()
	return exec.Command(framework.Program(), append([]string{"--data-dir", dir, "--secure-port=0"}, flags...)...)
}

// launch starts a server on a database without waiting for it. It is killed when the spec ends.
func launch(dir string, database database, flags ...string) *server {
	GinkgoHelper()
	command := command(dir, slices.Concat(database.flags, flags)...)
	command.Env = append(os.Environ(), database.variables...)
	return run(dir, command)
}

// run launches a server that has its data in dir.
func run(dir string, command *exec.Cmd) *server {
	GinkgoHelper()
	session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Eventually(session.Kill()).Should(gexec.Exit()) })
	return &server{session, dir}
}

// start waits until the server says that it is ready.
func start(ctx context.Context, dir string, database database, flags ...string) *server {
	GinkgoHelper()
	s := launch(dir, database, flags...)
	s.becomesReady(ctx)
	return s
}

func (s *server) becomesReady(ctx context.Context) {
	GinkgoHelper()
	Eventually(ctx, s.Out).Should(gbytes.Say("is ready"), "%s", s.Err.Contents())
}

// endsWith sends a signal, and wants this exit status.
func (s *server) endsWith(ctx context.Context, signal os.Signal, status int) {
	GinkgoHelper()
	Eventually(ctx, s.Signal(signal)).Should(gexec.Exit(status))
}

func (s *server) kubeconfig() string { return filepath.Join(s.dir, datadir.AdminKubeconfig) }

// config is for clients of the administrator. It has no rate limit.
func (s *server) config() *rest.Config {
	GinkgoHelper()
	config, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig())
	Expect(err).NotTo(HaveOccurred())
	config.QPS = -1
	return config
}

func (s *server) client() *kubernetes.Clientset { return kubernetes.NewForConfigOrDie(s.config()) }

func (s *server) ark() arkclient.ArkV1alpha1Interface {
	return versioned.NewForConfigOrDie(s.config()).ArkV1alpha1()
}
