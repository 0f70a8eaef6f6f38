package machinery_test

import (
	"bytes"
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/check"
)

var _ = Describe("ark-apiserver check", func() {
	It("passes, and leaves nothing behind", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		var out bytes.Buffer
		Expect(check.Run(ctx, framework.Config, namespace, &out)).To(Succeed())
		Expect(out.String()).To(And(HavePrefix(fmt.Sprintf("All %d kinds of ark.ai are served.\n", len(kinds))), HaveSuffix("a watch told of that.\n")))
		left, err := framework.Ark.ArkV1alpha1().Memories(namespace).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(left.Items).To(BeEmpty())
	})

	It("fails where it can't write", func(ctx context.Context) {
		err := check.Run(ctx, framework.Config, "no-such-namespace", &bytes.Buffer{})
		Expect(err).To(MatchError(HavePrefix(`create a memory: namespaces "no-such-namespace" not found`)))
	})
})
