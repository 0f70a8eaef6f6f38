package kubectl_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// findProgram is the path of kubectl.
var findProgram = sync.OnceValues(func() (string, error) { return environment.Program("kubectl") })

// specTimeout is for everything that a spec does with kubectl.
const specTimeout = 4 * time.Minute

// kubectl is a user of kubectl for as long as a spec takes.
type kubectl struct {
	ctx       context.Context
	namespace string
	// home has the configuration of this user's kubectl, and the files of the spec.
	home string
	// credentials and server are flags that come before every command.
	credentials, server []string
	environment         []string
	stdin               string
}

// result is what a command did.
type result struct {
	stdout, stderr string
	status         int
}

// administrator of the environment, in a namespace of its own.
func administrator(ctx context.Context) kubectl {
	GinkgoHelper()
	ctx, cancel := context.WithTimeout(ctx, specTimeout)
	DeferCleanup(cancel)
	return kubectl{
		ctx:         ctx,
		namespace:   framework.Namespace(ctx),
		home:        GinkgoT().TempDir(),
		credentials: []string{"--kubeconfig", framework.Env.Kubeconfig},
	}
}

// administrators share a namespace. Where there are several servers with one database, they use
// different ones.
func administrators(ctx context.Context) (write, read kubectl) {
	GinkgoHelper()
	write = administrator(ctx)
	read = write
	if servers := framework.Env.Servers; framework.Env.Mode == environment.Standalone && len(servers) > 1 {
		read.server = at(servers[len(servers)-1])
	}
	return write, read
}

// at is the flags that lead to a server.
func at(server environment.Server) []string {
	flags := []string{"--server", server.URL, "--certificate-authority", server.CAFile}
	if server.Name != "" {
		flags = append(flags, "--tls-server-name", server.Name)
	}
	return flags
}

// as is somebody else, who has nothing but a token.
func (k kubectl) as(token string) kubectl {
	GinkgoHelper()
	if k.server == nil {
		authority := framework.Config.CAFile
		if data := framework.Config.CAData; len(data) > 0 {
			authority = k.file("ca.crt", string(data))
		}
		k.server = at(environment.Server{URL: framework.Config.Host, CAFile: authority})
	}
	k.credentials = []string{"--kubeconfig", os.DevNull, "--token", token}
	return k
}

// with gives commands an environment variable.
func (k kubectl) with(variable string) kubectl {
	k.environment = append(slices.Clone(k.environment), variable)
	return k
}

// given feeds commands a manifest.
func (k kubectl) given(manifest string) kubectl {
	k.stdin = manifest
	return k
}

// file makes a file for this user, and returns its path.
func (k kubectl) file(name, content string) string {
	GinkgoHelper()
	path := filepath.Join(k.home, name)
	Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
	Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	return path
}

func (k kubectl) command(args ...string) *exec.Cmd {
	GinkgoHelper()
	program, err := findProgram()
	Expect(err).NotTo(HaveOccurred())
	all := slices.Concat(k.credentials, k.server, []string{"--namespace", k.namespace}, args)
	command := exec.CommandContext(k.ctx, program, all...)
	// What kubectl can't save it leaves in a temporary file.
	command.Env = append(append(os.Environ(), "KUBECONFIG=", "HOME="+k.home, "TMPDIR="+k.home, "KUBECACHEDIR="+cache), k.environment...)
	command.Stdin = strings.NewReader(k.stdin)
	return command
}

func (k kubectl) run(args ...string) result {
	GinkgoHelper()
	command := k.command(args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); command.ProcessState == nil {
		Expect(err).NotTo(HaveOccurred())
	}
	return result{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

// ok runs a command that has to succeed, and returns its standard output.
func (k kubectl) ok(args ...string) string {
	GinkgoHelper()
	got := k.run(args...)
	Expect(got.status).To(BeZero(), "kubectl %q\n%s%s", args, got.stdout, got.stderr)
	return got.stdout
}

// refused runs a command that has to fail, and returns its standard error.
func (k kubectl) refused(args ...string) string {
	GinkgoHelper()
	got := k.run(args...)
	Expect(got.status).To(BeNumerically(">", 0), "kubectl %q\n%s%s", args, got.stdout, got.stderr)
	return got.stderr
}

// says runs a command that has to print exactly this, but for white space around it.
func (k kubectl) says(want string, args ...string) {
	GinkgoHelper()
	Expect(strings.TrimSpace(k.ok(args...))).To(Equal(want), "kubectl %q", args)
}

// eventuallySays asks until the answer is this.
func (k kubectl) eventuallySays(want string, args ...string) {
	GinkgoHelper()
	Eventually(k.ctx, func() string { return strings.TrimSpace(k.run(args...).stdout) }).Should(Equal(want), "kubectl %q", args)
}

// start is for a command that goes on until the spec ends, or until it has what it waits for.
func (k kubectl) start(args ...string) *gexec.Session {
	GinkgoHelper()
	session, err := gexec.Start(k.command(args...), nil, nil)
	Expect(err).NotTo(HaveOccurred())
	// It may not write into its home any more when that is removed.
	DeferCleanup(func() { Eventually(session.Kill()).Should(gexec.Exit()) })
	return session
}

// watch starts a command with -v=6 that has to watch, and waits until the server has answered it.
func (k kubectl) watch(args ...string) *gexec.Session {
	GinkgoHelper()
	session := k.start(append(args, "-v=6")...)
	Eventually(k.ctx, func() string { return string(session.Err.Contents()) }).Should(ContainSubstring("watch=true"))
	return session
}
