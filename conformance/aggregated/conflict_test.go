package aggregated_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A CustomResourceDefinition of the same group", func() {
	// One of a kind that the server does not have: nobody else's requests are affected.
	const name = "leftovers.ark.ai"

	It("is named in the log and in a metric for as long as it exists", func(ctx context.Context) {
		s := start(ctx)
		metric := `ark_apiserver_conflicting_custom_resource_definition{name="` + name + `"} 1`
		Expect(s.read(ctx, "/metrics")).NotTo(ContainSubstring(metric))

		definitions := apiextensions.NewForConfigOrDie(framework.Config).ApiextensionsV1().CustomResourceDefinitions()
		_, err := definitions.Create(ctx, leftover(name), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx context.Context) { _ = definitions.Delete(ctx, name, metav1.DeleteOptions{}) })
		Eventually(s.Err).WithTimeout(readyTimeout).Should(gbytes.Say(name))
		Expect(s.read(ctx, "/metrics")).To(ContainSubstring(metric))

		Expect(definitions.Delete(ctx, name, metav1.DeleteOptions{})).To(Succeed())
		Eventually(func() string { return s.read(ctx, "/metrics") }).WithTimeout(readyTimeout).ShouldNot(ContainSubstring(metric))
	})
})

func leftover(name string) *apiextensionsv1.CustomResourceDefinition {
	preserve := true
	return &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "ark.ai",
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "leftovers", Singular: "leftover", Kind: "Leftover"},
			Scope: apiextensionsv1.NamespaceScoped,
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1alpha1", Served: true, Storage: true,
				Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &preserve}},
			}},
		},
	}
}
