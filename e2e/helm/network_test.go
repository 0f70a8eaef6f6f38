package helm_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A release with a NetworkPolicy", Serial, func() {
	// Whether a policy is enforced depends on the cluster's network: kind's own does, that of node
	// images which are built here does not. What is verified is that it is about the servers' pods
	// and lets them work.
	It("still works, and the policy selects its pods and no others", func(ctx context.Context) {
		awaitService(ctx)
		upgrade(ctx, "networkPolicy.enabled=true", "networkPolicy.egress.enabled=true")
		awaitService(ctx)
		policy, err := framework.Client.NetworkingV1().NetworkPolicies(release().Namespace).Get(ctx, release().Name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		selected := pods(ctx, metav1.FormatLabelSelector(&policy.Spec.PodSelector))
		Expect(uids(selected)).To(Equal(uids(pods(ctx, release().PodLabels()))))
		Expect(policy.Spec.Ingress).To(HaveLen(1))
		Expect(policy.Spec.Ingress[0].Ports).To(HaveLen(1))
		port := policy.Spec.Ingress[0].Ports[0].Port
		Expect(selected[0].Spec.Containers[0].Ports).To(ContainElement(HaveField("Name", port.String())))

		namespace := framework.Namespace(ctx)
		_, err = framework.Ark.ArkV1alpha1().Memories(namespace).Create(ctx, memory("allowed"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		AddReportEntry("policy", kubectl(ctx, "get", "networkpolicy", policy.Name, "--namespace", policy.Namespace, "--output", "yaml"))
	})
})
