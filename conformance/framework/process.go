package framework

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// processVariable has the description of what a process is to do that a suite has started.
const processVariable = "CONFORMANCE_PROCESS"

// Process is the program of a suite once more, in a process of its own, so that what it costs a
// client is not measured.
type Process struct {
	PID int
	// Output is what it prints after it has begun.
	Output *bufio.Reader

	input   io.Closer
	command *exec.Cmd
}

// StartProcess has a process do what its suite's Main does with a description, and returns when
// that has begun. command, such as nice, is what the program is started by.
func StartProcess(ctx context.Context, description any, command ...string) *Process {
	ginkgo.GinkgoHelper()
	text, err := json.Marshal(description)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	program, err := os.Executable()
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	command = append(command, program)
	p := &Process{command: exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...)}
	p.command.Env = append(os.Environ(), processVariable+"="+string(text))
	p.command.Stderr = ginkgo.GinkgoWriter
	p.input, err = p.command.StdinPipe()
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	output, err := p.command.StdoutPipe()
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	gomega.Expect(p.command.Start()).To(gomega.Succeed())
	p.PID, p.Output = p.command.Process.Pid, bufio.NewReader(output)
	_, err = p.Output.ReadString('\n')
	gomega.Expect(err).NotTo(gomega.HaveOccurred(), "the process did not begin")
	return p
}

// Finish tells the process to end. What it prints then can be read before Wait.
func (p *Process) Finish() {
	ginkgo.GinkgoHelper()
	gomega.Expect(p.input.Close()).To(gomega.Succeed())
}

// Wait waits until it has ended well.
func (p *Process) Wait() {
	ginkgo.GinkgoHelper()
	gomega.Expect(p.command.Wait()).To(gomega.Succeed())
}

// Main is TestMain of a suite that has processes: they do what a description says, which calls
// finished when all has begun, to wait for the end.
func Main[D any](m *testing.M, do func(description D, finished func() error) error) {
	text, ok := os.LookupEnv(processVariable)
	if !ok {
		os.Exit(m.Run())
	}
	var description D
	err := json.Unmarshal([]byte(text), &description)
	if err == nil {
		err = do(description, func() error {
			fmt.Println("begun")
			_, err := io.Copy(io.Discard, os.Stdin)
			return err
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
