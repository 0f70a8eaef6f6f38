package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/docs/samples"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("The controller of examples", func() {
	It("answers the queries of the samples, has an answer judged, and says so in events", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		s.runExample()
		objects, err := samples.All()
		Expect(err).NotTo(HaveOccurred())
		for _, object := range objects {
			if object.GetKind() != "ArkConfig" {
				object.SetNamespace(s.namespaces[0])
				s.create(ctx, object)
			}
		}
		Eventually(s.answers).WithContext(ctx).Should(Equal(map[string]string{
			"packing-list":      "You said: I leave for Lisbon tomorrow. What do I pack?",
			"packing-list-chat": "You said: Two days. What do I pack?",
		}))
		evaluation := &v1alpha1.Evaluation{}
		Eventually(func() (v1alpha1.EvaluationStatus, error) {
			err := s.Get(ctx, client.ObjectKey{Namespace: s.namespaces[0], Name: "packing-list"}, evaluation)
			return evaluation.Status, err
		}).Should(And(
			HaveField("Phase", v1alpha1.EvaluationPhaseDone), HaveField("Score", HaveValue(BeEquivalentTo("1"))), HaveField("Passed", true),
		))
		events := &corev1.EventList{}
		Eventually(func() ([]corev1.Event, error) {
			err := s.List(ctx, events, client.InNamespace(s.namespaces[0]))
			return events.Items, err
		}).Should(ContainElement(And(HaveField("InvolvedObject.Name", "packing-list"), HaveField("Message", "The query is done"))))
	})

	It("asks a model behind an endpoint, once for each query", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.runExample("--base-url", s.url+"/v1", "--model", modelName)
		s.createQueries(ctx, 20)
		want := make(map[string]string)
		for i := range 20 {
			name := fmt.Sprintf("query-%d", i)
			want[name] = answerTo(questionOf(s.namespaces[0], name))
		}
		Eventually(s.answers).WithContext(ctx).Should(Equal(want))
		Expect(s.questions()).To(Equal(map[string]int{"": 20}))
	})

	It("waits for an agent that is not there yet, and cancels what waits", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		s.runExample()
		s.createQueries(ctx, 2)
		phases := func() map[string]v1alpha1.QueryPhase {
			phases := make(map[string]v1alpha1.QueryPhase)
			for _, query := range s.queries(ctx) {
				phases[query.Name] = query.Status.Phase
			}
			return phases
		}
		Eventually(phases).Should(Equal(map[string]v1alpha1.QueryPhase{"query-0": v1alpha1.QueryPending, "query-1": v1alpha1.QueryPending}))
		canceled := s.query(s.namespaces[0], "query-1")
		Expect(s.Patch(ctx, canceled, client.RawPatch(types.MergePatchType, []byte(`{"spec":{"cancel":true}}`)))).To(Succeed())
		Eventually(phases).Should(HaveKeyWithValue("query-1", v1alpha1.QueryCanceled))
		s.create(ctx, s.agent(s.namespaces[0]))
		Eventually(phases).Should(Equal(map[string]v1alpha1.QueryPhase{"query-0": v1alpha1.QueryDone, "query-1": v1alpha1.QueryCanceled}))
	})
})

// runExample has the objects of the scene cared for by the example until the spec ends.
func (s *scene) runExample(args ...string) {
	GinkgoHelper()
	program, err := exampleProgram()
	Expect(err).NotTo(HaveOccurred())
	run(program, append([]string{"--kubeconfig", framework.Env.Kubeconfig, "--namespace", s.namespaces[0]}, args...)...)
}

// answers are those of the queries that are done, by name.
func (s *scene) answers(ctx context.Context) (map[string]string, error) {
	list := &v1alpha1.QueryList{}
	if err := s.List(ctx, list, client.InNamespace(s.namespaces[0])); err != nil {
		return nil, err
	}
	answers := make(map[string]string)
	for _, query := range list.Items {
		if query.Status.Phase == v1alpha1.QueryDone {
			answers[query.Name] = *query.Status.Response.Content
		}
	}
	return answers, nil
}
