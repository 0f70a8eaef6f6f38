package standalone_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/src/server/datadir"
)

var _ = Describe("A server that is told to stop", func() {
	DescribeTable("ends watches, closes its database and has exit status 0",
		func(ctx context.Context, signal os.Signal) {
			s := start(ctx, newDir(), newDatabase())
			watching := s.watch(ctx)
			s.createAgent(ctx, "poet")
			Eventually(ctx, watching).Should(Receive(HaveField("Type", watch.Added)))
			s.endsWith(ctx, signal, 0)
			Eventually(ctx, watching).Should(BeClosed())
			Expect(filepath.Glob(filepath.Join(s.dir, datadir.Database+"-*"))).To(BeEmpty(), "the database is a single file then")
		},
		Entry("by SIGTERM", syscall.SIGTERM),
		Entry("by SIGINT, which is Ctrl-C", os.Interrupt),
	)

	It("is not ready any more, but serves for as long as --shutdown-delay-duration says", func(ctx context.Context) {
		s := start(ctx, newDir(), newDatabase(), "--shutdown-delay-duration=10m")
		s.createAgent(ctx, "poet")
		s.Signal(syscall.SIGTERM)
		Eventually(ctx, func() string { _, text := s.read(ctx, "/readyz?verbose"); return text }).Should(ContainSubstring("[-]shutdown failed"))
		status, _ := s.read(ctx, "/livez")
		Expect(status).To(Equal(http.StatusOK))
		Expect(s.agents(ctx)).To(Equal([]string{"poet"}))
		Expect(s).NotTo(gexec.Exit())

		By("ending at once after a second signal")
		s.endsWith(ctx, syscall.SIGTERM, 1)
	})

	It("ends well if that is while it starts", func(ctx context.Context) {
		s := launch(newDir(), newDatabase())
		Eventually(ctx, func() error { _, err := os.Stat(s.kubeconfig()); return err }).Should(Succeed())
		s.endsWith(ctx, syscall.SIGTERM, 0)
	})
})

var _ = Describe("A server that is started again", func() {
	It("has the same objects, credentials and tokens", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		first := start(ctx, dir, database)
		poet := first.createAgent(ctx, "poet")
		token := first.token(ctx)
		keys := checksums(dir, credentials...)
		first.endsWith(ctx, syscall.SIGTERM, 0)

		second := start(ctx, dir, database)
		Expect(checksums(dir, credentials...)).To(Equal(keys))
		Expect(second.agent(ctx, "poet")).To(Equal(poet))
		second.accepts(ctx, token)
	})

	It("refuses a database that a later version has written to, and changes nothing", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		start(ctx, dir, database).endsWith(ctx, syscall.SIGTERM, 0)
		database.upgrade(ctx, dir)
		files := checksums(dir, filesIn(dir)...)
		launch(dir, database).refuses(ctx, "the database's schema is version 999, but this binary knows versions up to", "a newer one")
		Expect(checksums(dir, filesIn(dir)...)).To(Equal(files))
	})
})
