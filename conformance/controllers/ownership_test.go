package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// blocker is a finalizer of the specs' own.
const blocker = "conformance.ark.ai/blocker"

var _ = Describe("A memory that its query owns", func() {
	It("is made with the query, and made again when it is deleted", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		query := s.answered(ctx, "query")
		memory := s.memoryOf(ctx, query)
		Expect(memory.OwnerReferences).To(HaveLen(1))
		Expect(metav1.IsControlledBy(memory, query)).To(BeTrue())
		Expect(memory.OwnerReferences[0].BlockOwnerDeletion).To(HaveValue(BeTrue()))

		Expect(s.Delete(ctx, memory)).To(Succeed())
		Eventually(func(g Gomega) {
			again := &v1alpha1.Memory{}
			g.Expect(s.Get(ctx, client.ObjectKeyFromObject(query), again)).To(Succeed())
			g.Expect(again.UID).NotTo(Equal(memory.UID))
		}).Should(Succeed())
	})

	It("is collected after the query is deleted", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		query, other := s.answered(ctx, "query"), s.answered(ctx, "other")
		memory := s.memoryOf(ctx, query)
		Expect(s.Delete(ctx, query, client.PropagationPolicy(metav1.DeletePropagationBackground))).To(Succeed())
		s.gone(ctx, query)
		s.gone(ctx, memory)
		s.memoryOf(ctx, other)
	})

	It("goes before the query if the deletion is to be in the foreground", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		query := s.answered(ctx, "query")
		memory := s.memoryOf(ctx, query)
		controllerutil.AddFinalizer(memory, blocker)
		Expect(s.Update(ctx, memory)).To(Succeed())

		Expect(s.Delete(ctx, query, client.PropagationPolicy(metav1.DeletePropagationForeground))).To(Succeed())
		By("waiting for the manager and the garbage collector to do what they can")
		Eventually(func(g Gomega) {
			g.Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())
			g.Expect(query.Finalizers).To(ConsistOf(metav1.FinalizerDeleteDependents))
			g.Expect(s.Get(ctx, client.ObjectKeyFromObject(memory), memory)).To(Succeed())
			g.Expect(memory.DeletionTimestamp).NotTo(BeNil())
		}).Should(Succeed())

		By("letting the memory go")
		controllerutil.RemoveFinalizer(memory, blocker)
		Expect(s.Update(ctx, memory)).To(Succeed())
		Eventually(func(g Gomega) {
			err := s.Get(ctx, client.ObjectKeyFromObject(query), query)
			g.Expect(err).To(MatchError(apierrors.IsNotFound, "IsNotFound"))
		}).Should(Succeed())
		Expect(s.Get(ctx, client.ObjectKeyFromObject(memory), memory)).To(MatchError(apierrors.IsNotFound, "IsNotFound"))
	})

	It("is left to itself if the deletion is to make orphans", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		query := s.answered(ctx, "query")
		memory := s.memoryOf(ctx, query)
		Expect(s.Delete(ctx, query, client.PropagationPolicy(metav1.DeletePropagationOrphan))).To(Succeed())
		s.gone(ctx, query)
		Expect(s.Get(ctx, client.ObjectKeyFromObject(memory), memory)).To(Succeed())
		Expect(memory.OwnerReferences).To(BeEmpty())
		Expect(memory.DeletionTimestamp).To(BeNil())
	})

	It("is collected if its query never was", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		memory := &v1alpha1.Memory{ObjectMeta: s.meta(s.namespaces[0], "stray"), Spec: v1alpha1.MemorySpec{Address: &v1alpha1.ValueSource{Value: &s.url}}}
		memory.OwnerReferences = []metav1.OwnerReference{{
			APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: "Query", Name: "never", UID: "00000000-0000-0000-0000-000000000001",
		}}
		s.create(ctx, memory)
		s.gone(ctx, memory)
	})
})

func (s *scene) memoryOf(ctx context.Context, query *v1alpha1.Query) *v1alpha1.Memory {
	GinkgoHelper()
	memory := &v1alpha1.Memory{}
	Expect(s.Get(ctx, client.ObjectKeyFromObject(query), memory)).To(Succeed())
	return memory
}
