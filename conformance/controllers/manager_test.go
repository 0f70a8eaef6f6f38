package controllers_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

// managerProgram and exampleProgram are built once, unless variables name them.
var (
	managerProgram = sync.OnceValues(func() (string, error) {
		return program("ARK_CONFORMANCE_MANAGER", "conformance/controllers/manager")
	})
	exampleProgram = sync.OnceValues(func() (string, error) {
		return program("ARK_EXAMPLE_CONTROLLER", "examples/controller")
	})
)

func program(variable, folder string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	path := filepath.Join(programs, filepath.Base(folder))
	output, err := exec.Command("go", "build", "-o", path, "ark.ai/apiserver/"+folder).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", folder, err, output)
	}
	return path, nil
}

// manager is a process of the program manager, or of the example.
type manager struct {
	command *exec.Cmd
	// log is the file with what it did.
	log    string
	exited chan struct{}
}

// start runs a manager for the objects of the scene, until the spec ends.
func (s *scene) start(args ...string) *manager {
	GinkgoHelper()
	program, err := managerProgram()
	Expect(err).NotTo(HaveOccurred())
	return run(program, append([]string{
		"--kubeconfig", framework.Env.Kubeconfig, "--selector", sceneLabel + "=" + s.labels[sceneLabel], "--memory", s.url + "/memory",
	}, args...)...)
}

// run runs a program until the spec ends.
func run(program string, args ...string) *manager {
	GinkgoHelper()
	log, err := os.CreateTemp(GinkgoT().TempDir(), "manager-*.log")
	Expect(err).NotTo(HaveOccurred())
	defer log.Close()
	m := &manager{log: log.Name(), exited: make(chan struct{})}
	m.command = exec.Command(program, args...)
	m.command.Env = append(os.Environ(), "OPENAI_API_KEY="+apiKey)
	m.command.Stdout, m.command.Stderr = log, log
	m.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	Expect(m.command.Start()).To(Succeed())
	// Ends with the manager.
	go func() {
		_ = m.command.Wait()
		close(m.exited)
	}()
	DeferCleanup(func() {
		if CurrentSpecReport().Failed() {
			AddReportEntry(fmt.Sprintf("log of manager %d", m.command.Process.Pid), m.lastWords(), ReportEntryVisibilityFailureOrVerbose)
		}
		m.kill()
	})
	return m
}

// works waits until the manager reconciles: with leader election, until it leads.
func (m *manager) works() *manager {
	GinkgoHelper()
	Eventually(m.records).Should(ContainElement(HaveField("Msg", "Starting workers")))
	return m
}

// end asks the manager to end, and returns its exit code.
func (m *manager) end(ctx context.Context) int {
	GinkgoHelper()
	Expect(m.command.Process.Signal(syscall.SIGTERM)).To(Succeed())
	Eventually(ctx, m.exited).Should(BeClosed())
	return m.command.ProcessState.ExitCode()
}

// kill ends it without a warning.
func (m *manager) kill() {
	if err := m.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		Expect(err).NotTo(HaveOccurred())
	}
	<-m.exited
}

func (m *manager) lastWords() string {
	const size = 8 << 10
	data, err := os.ReadFile(m.log)
	if err != nil {
		return err.Error()
	}
	return string(data[max(0, len(data)-size):])
}

// freePort is a port of one of this machine's addresses that nobody uses.
func freePort(host string) int {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
