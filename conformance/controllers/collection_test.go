package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("DeleteAllOf", func() {
	const all = 6

	remaining := func(ctx context.Context, s *scene) []string {
		list := &v1alpha1.QueryList{}
		Expect(s.List(ctx, list)).To(Succeed())
		var names []string
		for _, query := range list.Items {
			if query.Namespace == s.namespaces[0] || query.Namespace == s.namespaces[1] {
				names = append(names, query.Namespace+"/"+query.Name)
			}
		}
		return names
	}

	DescribeTable("deletes what the selectors select, in its namespace, and nothing else",
		func(ctx context.Context, left []string, selectors ...client.DeleteAllOfOption) {
			s := newScene(ctx, 2)
			for i := range all {
				for _, namespace := range s.namespaces {
					query := s.query(namespace, fmt.Sprintf("query-%d", i))
					query.Spec.SessionID = new(fmt.Sprintf("session-%d", i%2))
					query.Labels = labels.Merge(s.labels, labels.Set{"third": fmt.Sprint(i % 3)})
					s.create(ctx, query)
				}
			}
			s.start()
			s.reaches(ctx, v1alpha1.QueryDone, 2*all)

			Expect(s.DeleteAllOf(ctx, &v1alpha1.Query{}, append(selectors, client.InNamespace(s.namespaces[0]))...)).To(Succeed())
			var want []string
			for _, name := range left {
				want = append(want, s.namespaces[0]+"/"+name)
			}
			for i := range all {
				want = append(want, fmt.Sprintf("%s/query-%d", s.namespaces[1], i))
			}
			Eventually(func() []string { return remaining(ctx, s) }).Should(ConsistOf(want))
			Expect(s.farewells()).To(HaveLen(all - len(left)))
		},
		Entry("no selector", nil),
		Entry("a label", []string{"query-0", "query-2", "query-3", "query-5"}, client.MatchingLabels{"third": "1"}),
		Entry("a set of labels", []string{"query-2", "query-5"}, client.MatchingLabelsSelector{Selector: notIn("third", "2")}),
		Entry("a field", []string{"query-1", "query-3", "query-5"}, client.MatchingFields{"spec.sessionId": "session-0"}),
		Entry("a label and a field of the status", []string{"query-1", "query-2", "query-4", "query-5"},
			client.MatchingLabels{"third": "0"}, client.MatchingFields{"status.phase": "done"}),
		Entry("nothing that exists", []string{"query-0", "query-1", "query-2", "query-3", "query-4", "query-5"}, client.MatchingLabels{"third": "4"}),
	)
})

func notIn(key string, values ...string) labels.Selector {
	requirement, err := labels.NewRequirement(key, selection.NotIn, values)
	if err != nil {
		panic(err)
	}
	return labels.NewSelector().Add(*requirement)
}
