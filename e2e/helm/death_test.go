package helm_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/e2e/provision"
)

// Whatever dies here does so without a warning. Writes may fail then; those that were acknowledged
// may not be lost.
var _ = Describe("A release that is written to", Serial, func() {
	BeforeEach(awaitService)

	It("loses nothing when one of its pods is deleted by force", func(ctx context.Context) {
		load := startLoad(ctx)
		deleteByForce(ctx, pods(ctx, release().PodLabels())[0].Name)
		awaitService(ctx)
		load.end(ctx)
	})

	It("loses nothing when the process of a pod is killed", func(ctx context.Context) {
		load := startLoad(ctx)
		kill(ctx, pods(ctx, release().PodLabels())[0])
		awaitService(ctx)
		load.end(ctx)
	})

	It("loses nothing when the processes of the database are killed", framework.OnDatabaseServer, func(ctx context.Context) {
		load := startLoad(ctx)
		kill(ctx, pods(ctx, provision.DatabaseLabels)[0])
		awaitPods(ctx, provision.DatabaseLabels, 1)
		awaitService(ctx)
		load.end(ctx)
	})

	It("loses nothing when the database is restarted in an orderly way", framework.OnDatabaseServer, func(ctx context.Context) {
		load := startLoad(ctx)
		kubectl(ctx, "--namespace", release().Namespace, "delete", "pod", pods(ctx, provision.DatabaseLabels)[0].Name)
		awaitPods(ctx, provision.DatabaseLabels, 1)
		awaitService(ctx)
		load.end(ctx)
	})

	It("loses nothing when it is upgraded, though nobody takes over", framework.OnSQLite, func(ctx context.Context) {
		load := startLoad(ctx)
		upgrade(ctx, "podAnnotations.verified=volume")
		awaitService(ctx)
		load.end(ctx)
	})
})
