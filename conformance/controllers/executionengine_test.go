package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

var _ = Describe("An ExecutionEngine in v1prealpha1", func() {
	It("makes the agents available that it runs", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		namespace := s.namespaces[0]
		m := s.start("--discovery")
		agent := s.agent(namespace)
		agent.Spec.ExecutionEngine = &v1alpha1.NamedRef{Name: "engine"}
		s.create(ctx, agent)
		available := func(status metav1.ConditionStatus, reason string) {
			GinkgoHelper()
			s.hasCondition(ctx, agent, func() []metav1.Condition { return agent.Status.Conditions }, "Available", status, reason)
		}
		available(metav1.ConditionFalse, "ExecutionEngineNotFound")

		engine := &v1prealpha1.ExecutionEngine{ObjectMeta: s.meta(namespace, "engine"), Spec: v1alpha1.ExecutionEngineSpec{
			Address: &v1alpha1.ValueSource{Value: new("http://engine:8080")},
		}}
		s.create(ctx, engine)
		available(metav1.ConditionTrue, "ExecutionEngineReady")
		Expect(s.Get(ctx, client.ObjectKeyFromObject(engine), engine)).To(Succeed())
		Expect(engine.Status).To(And(HaveField("Phase", "ready"), HaveField("LastResolvedAddress", "http://engine:8080")))
		// Created, running, ready.
		Eventually(func() []record { return about(m.records(), "watch event", "engine") }).Should(HaveLen(3))
		Expect(engine.Generation).To(BeEquivalentTo(1))

		Expect(s.Delete(ctx, engine)).To(Succeed())
		available(metav1.ConditionFalse, "ExecutionEngineNotFound")
		Expect(m.journal().failures).To(BeEmpty())
		Expect(m.journal().disorder).To(BeEmpty())
	})
})
