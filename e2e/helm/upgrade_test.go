package helm_test

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

// revision is the number of the release's current one.
func revision(ctx context.Context) int {
	GinkgoHelper()
	output, err := release().Helm.Run(ctx, "status", release().Name, "--namespace", release().Namespace, "--output", "json")
	Expect(err).NotTo(HaveOccurred())
	var status struct {
		Version int `json:"version"`
	}
	Expect(json.Unmarshal([]byte(output), &status)).To(Succeed(), output)
	Expect(status.Version).NotTo(BeZero())
	return status.Version
}

var _ = Describe("A release with several replicas", Serial, framework.OnDatabaseServer, func() {
	BeforeEach(awaitService)

	It("is upgraded and rolled back without a failed write and without a lost or repeated event", func(ctx context.Context) {
		before, first := revision(ctx), awaitPods(ctx, release().PodLabels(), replicas())
		load := startLoad(ctx)
		By("upgrading")
		upgrade(ctx, "podAnnotations.verified=upgrade")
		upgraded := awaitPods(ctx, release().PodLabels(), replicas())
		Expect(uids(upgraded)).NotTo(ContainElements(uids(first)))
		By("rolling back")
		_, err := release().Rollback(ctx, before)
		Expect(err).NotTo(HaveOccurred())
		back := awaitPods(ctx, release().PodLabels(), replicas())
		Expect(uids(back)).NotTo(ContainElements(uids(upgraded)))
		for _, pod := range back {
			Expect(pod.Annotations).NotTo(HaveKey("verified"))
		}
		load.end(ctx).withoutFailure()
	})

	It("is scaled up and down without a failed write and without a lost or repeated event", func(ctx context.Context) {
		load := startLoad(ctx)
		upgrade(ctx, "ark.apiserver.replicas=3")
		awaitPods(ctx, release().PodLabels(), 3)
		_, err := release().Upgrade(ctx, set("ark.apiserver.replicas=1")...)
		Expect(err).NotTo(HaveOccurred())
		awaitPods(ctx, release().PodLabels(), 1)
		load.end(ctx).withoutFailure()
	})
})
