package oracle_test

import (
	"context"
	"path"
	"strings"
	"unicode"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Recorded requests", func() {
	for _, s := range loadSubjects() {
		// A namespace for all scenarios of a file: a cluster is slow to delete namespaces.
		Describe(s.Subject, Ordered, ContinueOnFailure, func() {
			var namespace string
			BeforeAll(func(ctx SpecContext) { namespace = framework.Namespace(ctx) })
			for _, sc := range s.Scenarios {
				It(sc.Name, func(ctx SpecContext) {
					DeferCleanup(func(ctx SpecContext) { empty(ctx, namespace, sc.Steps) })
					found, err := run(ctx, namespace, sc.Steps)
					Expect(err).NotTo(HaveOccurred())
					judge(len(sc.Steps), 0, found)
				})
			}
		})
	}
})

// empty deletes the objects that a scenario may have left, in both groups.
func empty(ctx context.Context, namespace string, steps []step) {
	GinkgoHelper()
	used := map[string]bool{}
	for _, st := range steps {
		if strings.Contains(st.Send, "dryRun=All") {
			continue
		}
		for _, word := range strings.FieldsFunc(st.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if kind, ok := kindOf[word]; ok {
				used[kind] = true
			}
		}
	}
	for kind := range used {
		version, plural := splitVersion(loadSamples()[kind].Plural)
		for _, group := range []string{ourGroup, oracleGroup} {
			collection := path.Join("/apis", group, version, "namespaces", namespace, plural)
			Expect(framework.Client.RESTClient().Delete().AbsPath(collection).Do(ctx).Error()).To(Succeed())
		}
	}
}
