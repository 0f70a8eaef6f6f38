package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var _ = Describe("The selectors of a webhook", func() {
	for _, webhook := range bothTypes {
		Context("that is "+webhook.name, func() {
			var (
				namespace string
				receiver  *receiver
			)
			BeforeEach(func(ctx context.Context) {
				namespace, receiver = framework.Namespace(ctx), newReceiver()
			})

			It("choose objects by their labels, before or after the change", func(ctx context.Context) {
				selective := receiver.webhook(asked, allow, onAny("agents"))
				selective.ObjectSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"team": "red"}}
				webhook.register(ctx, namespace, receiver, selective)
				created(ctx, namespace, agent("poet"))
				Expect(receiver.requests(asked)).To(BeEmpty())

				for _, labels := range []string{`{"team": "red"}`, `{"team": "blue"}`} {
					_, err := agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"metadata": {"labels": `+labels+`}}`), metav1.PatchOptions{})
					Expect(err).NotTo(HaveOccurred())
					Expect(receiver.operations(asked)).To(Equal([]admissionv1.Operation{admissionv1.Update}), labels)
					receiver.forget()
				}
				Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
				Expect(receiver.requests(asked)).To(BeEmpty())

				red := agent("critic")
				red.Labels = map[string]string{"team": "red"}
				created(ctx, namespace, red)
				Expect(agents(namespace).Delete(ctx, "critic", metav1.DeleteOptions{})).To(Succeed())
				Expect(receiver.operations(asked)).To(Equal([]admissionv1.Operation{admissionv1.Create, admissionv1.Delete}))
			})

			It("choose objects by the labels of their namespace, as they are now", func(ctx context.Context) {
				// The namespace is labelled after the configuration is in force.
				selective := receiver.webhook(denying, denyWith("closed"), onAny("agents"))
				selective.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"closed": namespace}}
				webhook.register(ctx, namespace, receiver, selective)
				created(ctx, namespace, agent("poet"))

				label := func(labels string) {
					GinkgoHelper()
					_, err := framework.Client.CoreV1().Namespaces().Patch(ctx, namespace, types.MergePatchType, []byte(`{"metadata": {"labels": `+labels+`}}`), metav1.PatchOptions{})
					Expect(err).NotTo(HaveOccurred())
				}
				label(`{"closed": "` + namespace + `"}`)
				everywhere(ctx, func(g Gomega, server versioned.Interface) {
					_, err := server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), dryRunCreate)
					g.Expect(err).To(MatchError(ContainSubstring("closed")))
				})
				label(`{"closed": null}`)
				everywhere(ctx, func(g Gomega, server versioned.Interface) {
					_, err := server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), dryRunCreate)
					g.Expect(err).NotTo(HaveOccurred())
				})
			})
		})
	}
})
