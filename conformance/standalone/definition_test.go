package standalone_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	definitionsclient "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
)

// sonnets are of a kind that no server has built in, in these versions. The first one is stored.
func sonnets(versions ...string) *apiextensionsv1.CustomResourceDefinition {
	definition := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "sonnets.ark.ai"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "ark.ai",
			Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Plural: "sonnets", Singular: "sonnet", Kind: "Sonnet", ListKind: "SonnetList", ShortNames: []string{"son"}, Categories: []string{"ark"},
			},
		},
	}
	lines := apiextensionsv1.JSONSchemaProps{Type: "integer", Default: &apiextensionsv1.JSON{Raw: []byte("14")}, Description: "How long it is."}
	for i, version := range versions {
		definition.Spec.Versions = append(definition.Spec.Versions, apiextensionsv1.CustomResourceDefinitionVersion{
			Name: version, Served: true, Storage: i == 0,
			Subresources: &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
			Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{
				Type: "object", Properties: map[string]apiextensionsv1.JSONSchemaProps{
					"spec": {Type: "object", Properties: map[string]apiextensionsv1.JSONSchemaProps{"lines": lines}},
				},
			}},
		})
	}
	return definition
}

func (s *server) definitions() definitionsclient.CustomResourceDefinitionInterface {
	return clientset.NewForConfigOrDie(s.config()).ApiextensionsV1().CustomResourceDefinitions()
}

// define makes custom resources, and waits until they are served.
func (s *server) define(ctx context.Context, definition *apiextensionsv1.CustomResourceDefinition) {
	GinkgoHelper()
	_, err := s.definitions().Create(ctx, definition, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	for _, version := range definition.Spec.Versions {
		s.eventuallyNames(ctx, version.Name+"/"+definition.Spec.Names.Plural)
	}
}

func (s *server) sonnets(version string) dynamic.ResourceInterface {
	GinkgoHelper()
	resource := schema.GroupVersionResource{Group: "ark.ai", Version: version, Resource: "sonnets"}
	return dynamic.NewForConfigOrDie(s.config()).Resource(resource).Namespace(metav1.NamespaceDefault)
}

func newSonnet(version, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "ark.ai/" + version, "kind": "Sonnet", "metadata": map[string]any{"name": name}, "spec": map[string]any{},
	}}
}

// write creates a sonnet in a version.
func (s *server) write(ctx context.Context, version, name string) {
	GinkgoHelper()
	created, err := s.sonnets(version).Create(ctx, newSonnet(version, name), metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	lines, _, _ := unstructured.NestedInt64(created.Object, "spec", "lines")
	Expect(lines).To(BeEquivalentTo(14))
}

// titles are the names of all sonnets, as a version has them.
func (s *server) titles(ctx context.Context, version string) []string {
	GinkgoHelper()
	list, err := s.sonnets(version).List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, sonnet := range list.Items {
		Expect(sonnet.GetAPIVersion()).To(Equal("ark.ai/" + version))
		names = append(names, sonnet.GetName())
	}
	return names
}

// named are the resources of the group, such as "v1alpha1/agents", that discovery names: in one
// document, or the older way, which asks for each version. What it names has to answer.
func (s *server) named(g Gomega, legacy bool) []string {
	client := discovery.NewDiscoveryClientForConfigOrDie(s.config())
	client.UseLegacyDiscovery = legacy
	groups, lists, err := client.ServerGroupsAndResources()
	g.Expect(err).NotTo(HaveOccurred())
	for _, group := range groups {
		if group.Name == "ark.ai" {
			g.Expect(group.PreferredVersion.Version).To(Equal("v1alpha1"))
			g.Expect(group.Versions[0].Version).To(Equal("v1alpha1"))
		}
	}
	var names []string
	for _, list := range lists {
		version, ours := strings.CutPrefix(list.GroupVersion, "ark.ai/")
		for _, resource := range list.APIResources {
			if ours {
				names = append(names, version+"/"+resource.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// eventuallyNames wants discovery of both kinds to agree, and to name a resource.
func (s *server) eventuallyNames(ctx context.Context, resource string) {
	GinkgoHelper()
	Eventually(ctx, func(g Gomega) {
		names := s.named(g, false)
		g.Expect(names).To(ContainElements(resource, "v1alpha1/agents"))
		g.Expect(s.named(g, true)).To(Equal(names))
	}).Should(Succeed())
}

// eventuallyForgets wants it not to name the custom resources any more, and what is built in to
// stay.
func (s *server) eventuallyForgets(ctx context.Context) {
	GinkgoHelper()
	Eventually(ctx, func(g Gomega) {
		names := s.named(g, false)
		g.Expect(names).To(ContainElement("v1alpha1/agents"))
		g.Expect(names).NotTo(ContainElement(HaveSuffix("/sonnets")))
		g.Expect(s.named(g, true)).To(Equal(names))
	}).Should(Succeed())
}

// documents wants OpenAPI to document these paths of a version in one document.
func (s *server) documents(ctx context.Context, version string, paths ...string) {
	GinkgoHelper()
	Eventually(ctx, func(g Gomega) {
		documents, err := s.client().Discovery().OpenAPIV3().Paths()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(documents).To(HaveKey("apis/ark.ai/" + version))
		text, err := documents["apis/ark.ai/"+version].Schema("application/json")
		g.Expect(err).NotTo(HaveOccurred())
		var document struct {
			Paths map[string]any `json:"paths"`
		}
		g.Expect(json.Unmarshal(text, &document)).To(Succeed())
		for _, path := range paths {
			g.Expect(document.Paths).To(HaveKey("/apis/ark.ai/" + version + "/namespaces/{namespace}/" + path))
		}
	}).Should(Succeed())
}

var _ = Describe("A CustomResourceDefinition of the group ark.ai", func() {
	It("is served beside what is built in, in a version of ours and in one of its own, and after a restart", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		s := start(ctx, dir, database)
		s.define(ctx, sonnets("v1alpha1", "v9"))
		s.createAgent(ctx, "poet")
		s.write(ctx, "v1alpha1", "first")
		s.write(ctx, "v9", "second")

		s.endsWith(ctx, syscall.SIGTERM, 0)
		s = start(ctx, dir, database)
		s.eventuallyNames(ctx, "v1alpha1/sonnets")
		s.eventuallyNames(ctx, "v9/sonnets")
		for _, version := range []string{"v1alpha1", "v9"} {
			Expect(s.titles(ctx, version)).To(Equal([]string{"first", "second"}))
		}
		Expect(s.agents(ctx)).To(Equal([]string{"poet"}))
		status, _ := s.read(ctx, "/apis/ark.ai/v9/agents")
		Expect(status).To(Equal(http.StatusNotFound), "agents are built in, in other versions")
	})

	It("is documented with them, and forgotten when it is deleted", func(ctx context.Context) {
		s := start(ctx, newDir(), newDatabase())
		s.define(ctx, sonnets("v1alpha1", "v9"))
		s.documents(ctx, "v1alpha1", "sonnets/{name}", "sonnets/{name}/status", "agents/{name}", "agents/{name}/status")
		s.documents(ctx, "v9", "sonnets/{name}")
		s.write(ctx, "v1alpha1", "first")
		Expect(s.definitions().Delete(ctx, "sonnets.ark.ai", metav1.DeleteOptions{})).To(Succeed())
		s.eventuallyForgets(ctx)
		for _, path := range []string{"/apis/ark.ai/v9", "/apis/ark.ai/v9/sonnets", "/apis/ark.ai/v1alpha1/sonnets"} {
			status, _ := s.read(ctx, path)
			Expect(status).To(Equal(http.StatusNotFound), path)
		}
		s.documents(ctx, "v1alpha1", "agents/{name}")
		s.createAgent(ctx, "poet")
	})

	It("takes part in garbage collection and server-side apply, and is watched", func(ctx context.Context) {
		s := start(ctx, newDir(), newDatabase())
		s.define(ctx, sonnets("v1alpha1"))
		client := s.sonnets("v1alpha1")
		watching, err := client.Watch(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(watching.Stop)
		poet := s.createAgent(ctx, "poet")
		owned := newSonnet("v1alpha1", "first")
		owned.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "ark.ai/v1alpha1", Kind: "Agent", Name: poet.Name, UID: poet.UID}})
		_, err = client.Apply(ctx, "first", owned, metav1.ApplyOptions{FieldManager: "test"})
		Expect(err).NotTo(HaveOccurred())
		Eventually(ctx, watching.ResultChan()).Should(Receive(HaveField("Object.Object", HaveKeyWithValue("kind", "Sonnet"))))

		Expect(s.ark().Agents(metav1.NamespaceDefault).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
		Eventually(ctx, func() []string { return s.titles(ctx, "v1alpha1") }).Should(BeEmpty())
	})

	It("is known to all servers on one database", framework.OnDatabaseServer, func(ctx context.Context) {
		database := newDatabase()
		first := start(ctx, newDir(), database)
		dir := newDir()
		copyFiles(first.dir, dir, datadir.AuthorityCertificate, datadir.AuthorityKey, datadir.ServiceAccountKey)
		second := start(ctx, dir, database)
		first.define(ctx, sonnets("v1alpha1", "v9"))
		second.eventuallyNames(ctx, "v1alpha1/sonnets")
		second.eventuallyNames(ctx, "v9/sonnets")
		first.write(ctx, "v1alpha1", "first")
		second.write(ctx, "v9", "second")
		Expect(first.titles(ctx, "v9")).To(Equal([]string{"first", "second"}))
		Expect(second.definitions().Delete(ctx, "sonnets.ark.ai", metav1.DeleteOptions{})).To(Succeed())
		first.eventuallyForgets(ctx)
		second.eventuallyForgets(ctx)
	})
})
