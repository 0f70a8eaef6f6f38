package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// decode reads JSON, YAML or KYAML of an object.
func decode(text string) *unstructured.Unstructured {
	GinkgoHelper()
	data, err := yaml.YAMLToJSON([]byte(text))
	Expect(err).NotTo(HaveOccurred())
	object := &unstructured.Unstructured{}
	Expect(object.UnmarshalJSON(data)).To(Succeed())
	return object
}

// finds makes objects that are there before the user comes, with their status. It does so without
// kubectl, which takes longer.
func (k kubectl) finds(manifests string) {
	GinkgoHelper()
	for text := range strings.SplitSeq(manifests, "---\n") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		object := decode(text)
		resource, _ := meta.UnsafeGuessKindToResource(object.GroupVersionKind())
		client := framework.Dynamic.Resource(resource).Namespace(k.namespace)
		created, err := client.Create(k.ctx, object, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		if status, ok := object.Object["status"]; ok {
			created.Object["status"] = status
			_, err := client.UpdateStatus(k.ctx, created, metav1.UpdateOptions{})
			Expect(err).NotTo(HaveOccurred())
		}
	}
}

// stored are the objects of a resource that there are. It reads them without kubectl, which takes
// longer.
func (k kubectl) stored(resource string) []unstructured.Unstructured {
	GinkgoHelper()
	return k.selected(resource, metav1.ListOptions{})
}

// selected are those of them that selectors choose.
func (k kubectl) selected(resource string, selectors metav1.ListOptions) []unstructured.Unstructured {
	GinkgoHelper()
	list, err := framework.Dynamic.Resource(v1alpha1.SchemeGroupVersion.WithResource(resource)).Namespace(k.namespace).List(k.ctx, selectors)
	Expect(err).NotTo(HaveOccurred())
	return list.Items
}

var _ = Describe("kubectl get -o", func() {
	DescribeTable("prints all of an agent",
		func(ctx context.Context, format string) {
			if format == "kyaml" {
				since("1.34", "get -o kyaml")
			}
			write, read := administrators(ctx)
			write.finds(manifests("agent"))
			// It was off by default at first.
			got := decode(read.with("KUBECTL_KYAML=true").ok("get", "agent", "forecaster", "-o", format))
			Expect(got.GetAPIVersion()).To(Equal("ark.ai/v1alpha1"))
			Expect(got.GetKind()).To(Equal("Agent"))
			Expect(got.GetUID()).NotTo(BeEmpty())
			Expect(got.GetGeneration()).To(BeEquivalentTo(1))
			Expect(got.GetManagedFields()).To(BeNil())
			forecaster, _, _ := strings.Cut(manifests("agent"), "---\n")
			Expect(got.Object["spec"]).To(Equal(decode(forecaster).Object["spec"]))
		},
		Entry("as JSON", "json"),
		Entry("as YAML", "yaml"),
		Entry("as KYAML", "kyaml"),
	)
})
