package standalone_test

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A backup of a SQLite file as docs/standalone.md describes it", framework.OnSQLite, func() {
	It("ends while clients write, and can be restored after kill -9", func(ctx context.Context) {
		dir := newDir()
		first := start(ctx, dir, onSQLite)
		writing := first.startWriting(ctx)
		before := writing.names()
		runDocumented(ctx, dir, "## How do I back it up?")
		atBackup := len(writing.names())
		Eventually(ctx, func() int { return len(writing.names()) }).Should(BeNumerically(">", atBackup+enough))
		seen, err := first.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		writing.stop()
		last := writing.names()[len(writing.names())-1]

		runDocumented(ctx, dir, "## How do I restore it?")
		agents := start(ctx, dir, onSQLite).ark().Agents(metav1.NamespaceDefault)
		list, err := agents.List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		var names []string
		for _, agent := range list.Items {
			names = append(names, agent.Name)
		}
		Expect(names).To(ContainElements(before))
		Expect(names).NotTo(ContainElement(last), "the write-ahead log of the file that was replaced was applied")

		w, err := agents.Watch(ctx, metav1.ListOptions{ResourceVersion: seen.ResourceVersion})
		Expect(err).NotTo(HaveOccurred())
		defer w.Stop()
		Expect(apierrors.FromObject((<-w.ResultChan()).Object)).To(Satisfy(apierrors.IsResourceExpired))
		Expect(revision(list)).To(BeNumerically(">", revision(seen)+1_000_000))
	})
})

// runDocumented runs the commands after a heading in a server's directory, with variables besides those of this process.
func runDocumented(ctx context.Context, dir, heading string, variables ...string) {
	GinkgoHelper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, command := range framework.DocumentedCommands("standalone.md", heading) {
		shell := exec.CommandContext(ctx, "bash", "-e", "-c", command)
		shell.Dir = dir
		shell.Env = append(os.Environ(), variables...)
		output, err := shell.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), "%s\n%s", command, output)
	}
}
