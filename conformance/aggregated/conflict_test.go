package aggregated_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"

	"ark.ai/apiserver/conformance/framework"
)

// apiServices of the cluster.
var apiServices = schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}

var _ = Describe("A CustomResourceDefinition of the same group", func() {
	It("is named in the log and in a metric for as long as it exists", func(ctx context.Context) {
		s := start(ctx)
		const name = "crumbs.ark.ai"
		metric := `ark_apiserver_conflicting_custom_resource_definition{name="` + name + `"} 1`
		Expect(s.read(ctx, "/metrics")).NotTo(ContainSubstring(metric))
		define(ctx, "crumbs", "Crumb")
		Eventually(s.Err).WithTimeout(readyTimeout).Should(gbytes.Say(name))
		Expect(s.read(ctx, "/metrics")).To(ContainSubstring(metric))
		forget(ctx, name)
		Eventually(func() string { return s.read(ctx, "/metrics") }).WithTimeout(readyTimeout).ShouldNot(ContainSubstring(metric))
	})

	It("is served by kube-apiserver in a version of its own, and by nobody in ours", func(ctx context.Context) {
		define(ctx, "leftovers", "Leftover")
		namespace := framework.Namespace(ctx)
		leftovers := schema.GroupVersionResource{Group: "ark.ai", Version: "v9", Resource: "leftovers"}
		cold := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "ark.ai/v9", "kind": "Leftover", "metadata": map[string]any{"name": "cold"},
		}}
		Eventually(ctx, func() error {
			_, err := framework.Dynamic.Resource(leftovers).Namespace(namespace).Create(ctx, cold, metav1.CreateOptions{})
			return err
		}).WithTimeout(readyTimeout).Should(Succeed())

		leftovers.Version = "v1alpha1"
		_, err := framework.Dynamic.Resource(leftovers).Namespace(namespace).Get(ctx, "cold", metav1.GetOptions{})
		Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
		client := discovery.NewDiscoveryClientForConfigOrDie(framework.Config)
		for version, want := range map[string]string{"v9": "leftovers", "v1alpha1": "agents"} {
			Eventually(ctx, func(g Gomega) {
				list, err := client.ServerResourcesForGroupVersion("ark.ai/" + version)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(list.APIResources).To(ContainElement(HaveField("Name", want)))
				if version != "v9" {
					g.Expect(list.APIResources).NotTo(ContainElement(HaveField("Name", "leftovers")))
				}
			}).WithTimeout(readyTimeout).Should(Succeed())
		}

		forget(ctx, "leftovers.ark.ai")
		ours, err := framework.Dynamic.Resource(apiServices).Get(ctx, "v1alpha1.ark.ai", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(ours.Object).To(HaveKeyWithValue("spec", HaveKeyWithValue("service", Not(BeNil()))), "it still leads to this server")
	})
})

// define makes a kind that the server does not have: nobody else's requests are affected. Its
// objects are stored in a version of ours.
func define(ctx context.Context, plural, kind string) {
	GinkgoHelper()
	preserve := true
	definition := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: plural + ".ark.ai"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "ark.ai",
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: plural, Kind: kind},
			Scope: apiextensionsv1.NamespaceScoped,
		},
	}
	for _, version := range []string{"v1alpha1", "v9"} {
		definition.Spec.Versions = append(definition.Spec.Versions, apiextensionsv1.CustomResourceDefinitionVersion{
			Name: version, Served: true, Storage: version == "v1alpha1",
			Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &preserve}},
		})
	}
	_, err := apiextensions.NewForConfigOrDie(framework.Config).ApiextensionsV1().CustomResourceDefinitions().Create(ctx, definition, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) { forget(ctx, definition.Name) })
}

// forget deletes a definition, if it is there, and waits until it is gone.
func forget(ctx context.Context, name string) {
	GinkgoHelper()
	definitions := apiextensions.NewForConfigOrDie(framework.Config).ApiextensionsV1().CustomResourceDefinitions()
	Eventually(ctx, func() bool {
		return apierrors.IsNotFound(definitions.Delete(ctx, name, metav1.DeleteOptions{}))
	}).WithTimeout(readyTimeout).Should(BeTrue())
}
