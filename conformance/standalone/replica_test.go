package standalone_test

import (
	"context"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
)

var _ = Describe("Two servers on one database", framework.OnDatabaseServer, func() {
	// prepare starts a server, and another one with the same keys.
	prepare := func(ctx context.Context) (first, second *server) {
		GinkgoHelper()
		database := newDatabase()
		first = start(ctx, newDir(), database)
		dir := newDir()
		copyFiles(first.dir, dir, datadir.AuthorityCertificate, datadir.AuthorityKey, datadir.ServiceAccountKey)
		return first, start(ctx, dir, database)
	}

	It("see each other's writes at once, and in their watches", func(ctx context.Context) {
		first, second := prepare(ctx)
		watching := second.watch(ctx)
		poet := first.createAgent(ctx, "poet")
		Expect(second.agent(ctx, "poet")).To(Equal(poet))
		Eventually(ctx, watching).Should(Receive(And(HaveField("Type", watch.Added), HaveField("Object", Equal(poet)))))
		second.createAgent(ctx, "critic")
		Expect(first.agents(ctx)).To(Equal([]string{"critic", "poet"}))
	})

	It("accept each other's tokens", func(ctx context.Context) {
		first, second := prepare(ctx)
		second.accepts(ctx, first.token(ctx))
	})

	It("replace each other: when the one with the controllers is killed, the other one goes on with them", func(ctx context.Context) {
		first, second := prepare(ctx)
		second.completesNamespace(ctx, "before")
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		second.completesNamespace(ctx, "after")
	})

	It("may make the tables together, at the same time", func(ctx context.Context) {
		database := newDatabase()
		first, second := launch(newDir(), database), launch(newDir(), database)
		first.becomesReady(ctx)
		second.becomesReady(ctx)
		first.createAgent(ctx, "poet")
		Expect(second.agents(ctx)).To(Equal([]string{"poet"}))
	})
})
