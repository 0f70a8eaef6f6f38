package machinery_test

import (
	"context"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A label selector", func() {
	// selections are selectors and what they select of those that selectable creates.
	selections := map[string][]string{
		"tier=web":                               {"web", "web-canary"},
		"tier==db":                               {"db"},
		"tier=":                                  {"blank"},
		"tier!=web":                              {"bare", "blank", "db"},
		"tier in (web,db)":                       {"db", "web", "web-canary"},
		"tier in (db)":                           {"db"},
		"tier in ()":                             {"blank"},
		"tier notin (web,db)":                    {"bare", "blank"},
		"tier notin (none)":                      {"bare", "blank", "db", "web", "web-canary"},
		"tier":                                   {"blank", "db", "web", "web-canary"},
		"!tier":                                  {"bare"},
		"replicas>2":                             {"db"},
		"replicas<3":                             {"web"},
		"tier=web,track":                         {"web-canary"},
		"tier=web,!track":                        {"web"},
		"tier=web,track!=canary":                 {"web"},
		"tier in (web, db),track notin (canary)": {"db", "web"},
		"example.com/origin=test":                {"web"},
		"tier=none":                              {},
		"tier=web,tier=db":                       {},
		"":                                       {"bare", "blank", "db", "web", "web-canary"},
	}
	selectable := func(ctx context.Context) string {
		namespace := framework.Namespace(ctx)
		created(ctx, namespace, labelled("web", map[string]string{"tier": "web", "replicas": "2", "example.com/origin": "test"}))
		created(ctx, namespace, labelled("web-canary", map[string]string{"tier": "web", "track": "canary"}))
		created(ctx, namespace, labelled("db", map[string]string{"tier": "db", "replicas": "3"}))
		created(ctx, namespace, labelled("blank", map[string]string{"tier": "", "replicas": "some"}))
		created(ctx, namespace, query("bare"))
		return namespace
	}

	It("selects in lists, from the database and from the watch cache", func(ctx context.Context) {
		namespace := selectable(ctx)
		version := listed(ctx, namespace, metav1.ListOptions{}).ResourceVersion
		for selector, want := range selections {
			for _, options := range []metav1.ListOptions{
				{},
				{ResourceVersion: version, ResourceVersionMatch: notOlderThan},
				{ResourceVersion: version, ResourceVersionMatch: exact},
			} {
				options.LabelSelector = selector
				Expect(names(listed(ctx, namespace, options))).To(Equal(want), "%q at %q", selector, options.ResourceVersionMatch)
			}
		}
	})

	It("selects the same in watches", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		start := created(ctx, namespace, query("start")).ResourceVersion
		for _, q := range []struct {
			name   string
			labels map[string]string
		}{
			{"bare", nil}, {"blank", map[string]string{"tier": ""}}, {"db", map[string]string{"tier": "db"}},
			{"web", map[string]string{"tier": "web"}}, {"end", map[string]string{"tier": "web", "end": "yes"}},
		} {
			created(ctx, namespace, labelled(q.name, q.labels))
		}
		for selector, want := range map[string][]string{
			"tier notin (db)": {"ADDED bare", "ADDED blank", "ADDED web", "ADDED end"},
			"tier in (web)":   {"ADDED web", "ADDED end"},
			"tier!=":          {"ADDED bare", "ADDED db", "ADDED web", "ADDED end"},
			"tier,tier!=db":   {"ADDED blank", "ADDED web", "ADDED end"},
			"end":             {"ADDED end"},
		} {
			watch(ctx, path(namespace, "queries"), "resourceVersion="+start+"&labelSelector="+url.QueryEscape(selector)).sees(want...)
		}
	})

	DescribeTable("is refused if it is none", func(ctx context.Context, selector, message string) {
		get(ctx, arkVersion+"/queries?labelSelector="+url.QueryEscape(selector)).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("two operators", "a=b=c", "found '=', expected: ',' or 'end of string'"),
		Entry("an open list", "a in (b", "found ''"),
		Entry("an unknown operator", "a like b", "expected: in, notin, =, ==, !=, gt, lt"),
		Entry("an impossible key", "-a=b", "name part must consist of alphanumeric characters"),
		Entry("an impossible value", "a=-b", "a valid label must be an empty string or consist of alphanumeric characters"),
		Entry("no number", "a>b", "for 'Gt', 'Lt' operators, the value must be an integer"),
	)
})
