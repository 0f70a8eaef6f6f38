package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("Queries that wait", func() {
	It("are answered once their agent, and the agent's model, exist", func(ctx context.Context) {
		const waiting = 10
		s := newEmptyScene(ctx, 1)
		namespace := s.namespaces[0]
		m := s.start()
		for i := range waiting {
			s.create(ctx, s.query(namespace, fmt.Sprintf("query-%d", i)))
		}
		other := s.query(namespace, "other")
		other.Spec.Target.Name = "owl"
		s.create(ctx, other)
		s.reaches(ctx, v1alpha1.QueryPending, waiting+1)

		By("adding the agent")
		agent := s.agent(namespace)
		s.create(ctx, agent)
		s.hasCondition(ctx, agent, func() []metav1.Condition { return agent.Status.Conditions }, "Available", metav1.ConditionFalse, "ModelNotFound")

		By("adding models: one that others care for, one that is not resolvable, and then the secret for it")
		foreign := s.model(namespace)
		foreign.Name, foreign.Spec.Provider = "foreign", v1alpha1.ProviderAzure
		foreign.Spec.Config = &v1alpha1.ModelConfig{Azure: &v1alpha1.AzureModelConfig{
			BaseURL: &v1alpha1.ValueSource{Value: &s.url}, Auth: &v1alpha1.AzureAuth{APIKey: &v1alpha1.ValueSource{Value: new(apiKey)}},
		}}
		model := s.model(namespace)
		s.create(ctx, foreign, model)
		s.hasCondition(ctx, model, func() []metav1.Condition { return model.Status.Conditions }, "ModelAvailable", metav1.ConditionFalse, "Unresolved")
		s.create(ctx, s.secret(namespace))
		s.hasCondition(ctx, model, func() []metav1.Condition { return model.Status.Conditions }, "ModelAvailable", metav1.ConditionTrue, "Resolved")
		Expect(model.Status.ResolvedAddress).To(Equal(s.url + "/v1"))
		s.hasCondition(ctx, agent, func() []metav1.Condition { return agent.Status.Conditions }, "Available", metav1.ConditionTrue, "ModelAvailable")

		s.reaches(ctx, v1alpha1.QueryDone, waiting)
		s.reaches(ctx, v1alpha1.QueryPending, 1)
		Expect(s.questions()).To(And(HaveLen(waiting), HaveEach(1)))
		Expect(s.Get(ctx, client.ObjectKeyFromObject(foreign), foreign)).To(Succeed())
		Expect(foreign.Status.Conditions).To(BeEmpty(), "the field selector of the cache leaves it out")
		for _, r := range m.records() {
			Expect(r.Msg != "watch event" || r.Name != "foreign").To(BeTrue())
		}
	})
})
