package webhooks_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = DescribeTable("Webhooks are asked about every write of",
	func(ctx context.Context, resource, sample string) {
		namespace := framework.Namespace(ctx)
		receiver := newReceiver()
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patchIf(hasObject, set("/metadata/labels/mutated", "yes")), onAny(resource)))
		registerValidating(ctx, namespace, receiver, receiver.webhook("validating.example.org", allow, onAny(resource, resource+"/status")))
		client := framework.Dynamic.Resource(v1alpha1.SchemeGroupVersion.WithResource(resource)).Namespace(namespace)

		object := readSample(sample)
		object.SetLabels(map[string]string{"written": "yes"})
		created, err := client.Create(ctx, object, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(created.GetLabels()).To(Equal(map[string]string{"written": "yes", "mutated": "yes"}))
		created.SetAnnotations(map[string]string{"example.org/touched": "yes"})
		_, err = client.Update(ctx, created, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, err = client.Patch(ctx, object.GetName(), types.MergePatchType, []byte(`{"status": {}}`), metav1.PatchOptions{}, "status")
		Expect(err).NotTo(HaveOccurred())
		Expect(client.Delete(ctx, object.GetName(), metav1.DeleteOptions{})).To(Succeed())

		var asked []string
		for _, request := range receiver.requests("validating.example.org") {
			Expect(request.Kind.Kind).To(Equal(object.GetKind()))
			Expect(request.Name).To(Equal(object.GetName()))
			asked = append(asked, string(request.Operation)+" "+request.SubResource)
		}
		Expect(slices.Compact(asked)).To(Equal([]string{"CREATE ", "UPDATE ", "UPDATE status", "DELETE "}))
		for _, request := range receiver.requests("mutating.example.org") {
			Expect(request.SubResource).To(BeEmpty())
		}
		Expect(receiver.operations("mutating.example.org")).To(Equal([]admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete}))
	},
	Entry("a2aservers", "a2aservers", "a2aserver.yaml"),
	Entry("a2atasks", "a2atasks", "a2atask.yaml"),
	Entry("agents", "agents", "agent.yaml"),
	Entry("evaluations", "evaluations", "evaluation.yaml"),
	Entry("evaluators", "evaluators", "evaluator.yaml"),
	Entry("executionengines", "executionengines", "executionengine.yaml"),
	Entry("mcpservers", "mcpservers", "mcpserver.yaml"),
	Entry("memories", "memories", "memory.yaml"),
	Entry("models", "models", "model.yaml"),
	Entry("queries", "queries", "query.yaml"),
	Entry("teams", "teams", "team.yaml"),
	Entry("tools", "tools", "tool.yaml"),
)

// readSample is the first object of a documented example.
func readSample(name string) *unstructured.Unstructured {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "samples", name))
	Expect(err).NotTo(HaveOccurred())
	object := &unstructured.Unstructured{}
	Expect(yaml.Unmarshal(text, &object.Object)).To(Succeed())
	return object
}
