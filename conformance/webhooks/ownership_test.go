package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("Field ownership with a mutating webhook", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})

	It("does not take part in what the webhook sets", func(ctx context.Context) {
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patch(set("/spec/description", "Touched.")), onAny("agents")))
		applied := apply(ctx, namespace, `{"prompt": "Rhyme."}`, metav1.PatchOptions{FieldManager: "author"})
		Expect(applied.Spec.Description).To(HaveValue(Equal("Touched.")))
		owned := fieldsOf(applied, "author", metav1.ManagedFieldsOperationApply)
		Expect(owned).To(MatchJSON(`{"f:spec": {"f:prompt": {}}}`))

		// Applying the same again is no change, and no conflict with the webhook.
		again := apply(ctx, namespace, `{"prompt": "Rhyme."}`, metav1.PatchOptions{FieldManager: "author"})
		Expect(again.ResourceVersion).To(Equal(applied.ResourceVersion))
	})

	It("conflicts with another manager as ever", func(ctx context.Context) {
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patch(set("/spec/description", "Touched.")), onAny("agents")))
		apply(ctx, namespace, `{"prompt": "Rhyme."}`, metav1.PatchOptions{FieldManager: "author"})
		_, err := agents(namespace).Patch(ctx, "poet", types.ApplyPatchType, applying(`{"prompt": "Sing."}`), metav1.PatchOptions{FieldManager: "rival"})
		Expect(apierrors.IsConflict(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(`conflict with "author": .spec.prompt`)))
		taken := apply(ctx, namespace, `{"prompt": "Sing."}`, metav1.PatchOptions{FieldManager: "rival", Force: ptr.To(true)})
		Expect(taken.Spec.Description).To(HaveValue(Equal("Touched.")))
	})

	It("survives a webhook that destroys it", func(ctx context.Context) {
		broken := []map[string]any{{"manager": "webhook", "operation": "Meddle", "fieldsType": "FieldsV1"}}
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patch(set("/metadata/managedFields", broken)), onAny("agents")))
		client, warnings := warned()
		applied, err := client.ArkV1alpha1().Agents(namespace).Patch(ctx, "poet", types.ApplyPatchType, applying(`{"prompt": "Rhyme."}`), metav1.PatchOptions{FieldManager: "author"})
		Expect(err).NotTo(HaveOccurred())
		Expect(fieldsOf(applied, "author", metav1.ManagedFieldsOperationApply)).To(MatchJSON(`{"f:spec": {"f:prompt": {}}}`))
		Expect(warnings.list()).To(ConsistOf(HavePrefix(".metadata.managedFields was in an invalid state after admission")))
	})
})

// fieldsOf are the fields that a manager owns.
func fieldsOf(agent *v1alpha1.Agent, manager string, operation metav1.ManagedFieldsOperationType) []byte {
	GinkgoHelper()
	for _, entry := range agent.ManagedFields {
		if entry.Manager == manager && entry.Operation == operation {
			return entry.FieldsV1.GetRawBytes()
		}
	}
	Fail("no managed fields of " + manager)
	return nil
}
