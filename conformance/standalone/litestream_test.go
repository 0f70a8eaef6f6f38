package standalone_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

var _ = Describe("Going back to a moment with Litestream as docs/backup.md describes it", framework.OnSQLite, func() {
	It("has what was written until then, and all clients list anew", func(ctx context.Context) {
		dir, variables := newHome()
		litestream, err := testserver.Program("litestream")
		Expect(err).NotTo(HaveOccurred())
		Expect(os.Symlink(litestream, filepath.Join(filepath.Dir(dir), "bin", "litestream"))).To(Succeed())
		replica := filepath.Join(filepath.Dir(dir), "replica")
		documented := func(words, moment string) []string {
			commands := framework.DocumentedCommands("backup.md", words)
			for i := range commands {
				commands[i] = strings.ReplaceAll(strings.ReplaceAll(commands[i], "/var/backups/ark", replica), "2026-11-29T10:30:00Z", moment)
			}
			return commands
		}

		first := start(ctx, dir, onSQLite)
		first.createAgent(ctx, "earliest")
		replicate := exec.Command("bash", "-c", "exec "+documented("### SQLite", "")[0])
		replicate.Dir, replicate.Env = dir, append(os.Environ(), variables...)
		replicating := run(dir, replicate)
		writing := first.startWriting(ctx)
		Eventually(ctx, func() int { return len(writing.names()) }).Should(BeNumerically(">", enough))
		before := writing.names()
		// Litestream copies once a second.
		Eventually(ctx, func() int { return len(writing.names()) }).WithTimeout(time.Minute).Should(BeNumerically(">", len(before)+enough))
		time.Sleep(3 * time.Second)
		moment := time.Now()
		time.Sleep(time.Second)
		last := first.createAgent(ctx, "last")
		time.Sleep(3 * time.Second)
		seen, err := first.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		writing.stop()
		replicating.Terminate()
		Eventually(ctx, replicating).Should(gexec.Exit(0))

		runCommands(ctx, dir, documented("To go back, stop the server and Litestream", moment.UTC().Format(time.RFC3339Nano)), variables...)
		expectPrivate(dir, "ark.db")
		restored := start(ctx, dir, onSQLite)
		names := restored.agents(ctx)
		Expect(names).To(ContainElement("earliest"))
		Expect(names).To(ContainElements(before))
		Expect(names).NotTo(ContainElement(last.Name))
		watch, err := restored.ark().Agents(metav1.NamespaceDefault).Watch(ctx, metav1.ListOptions{ResourceVersion: seen.ResourceVersion})
		Expect(err).NotTo(HaveOccurred())
		defer watch.Stop()
		Expect(apierrors.FromObject((<-watch.ResultChan()).Object)).To(Satisfy(apierrors.IsResourceExpired))
	})
})
