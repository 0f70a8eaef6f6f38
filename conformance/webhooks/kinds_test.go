package webhooks_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/docs/samples"
	"ark.ai/apiserver/src/registry"
)

var _ = DescribeTable("Webhooks are asked about every write of",
	func(ctx context.Context, kind registry.Description, version schema.GroupVersion) {
		namespace := framework.Namespace(ctx)
		receiver := newReceiver()
		// One version stands for all of a kind.
		rule := func(resources ...string) registrationv1.RuleWithOperations {
			rule := onAny(resources...)
			rule.APIVersions = []string{kind.Versions[0].Version}
			return rule
		}
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patchIf(hasObject, set("/metadata/labels/mutated", "yes")), rule(kind.Plural)))
		registerValidating(ctx, namespace, receiver, receiver.webhook("validating.example.org", allow, rule(kind.Plural, kind.Plural+"/status")))
		client := framework.Dynamic.Resource(version.WithResource(kind.Plural)).Namespace(namespace)
		object := samples.Of(kind.Kind)
		object.SetAPIVersion(version.String())
		if !kind.Namespaced {
			client = framework.Dynamic.Resource(version.WithResource(kind.Plural))
			object.SetName(namespace) // other specs' objects have others
		}
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
	func() (entries []TableEntry) {
		for _, kind := range registry.Describe() {
			for _, version := range kind.Versions {
				entries = append(entries, Entry(kind.Plural+" in "+version.Version, kind, version.GroupVersion))
			}
		}
		return entries
	}(),
)
