package aggregated_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/crds"
	"ark.ai/apiserver/src/registry"
)

// apiServiceNames are those of our group.
func apiServiceNames() (names []string) {
	for _, version := range registry.GroupVersions() {
		names = append(names, version.Version+"."+version.Group)
	}
	return names
}

// Serial: the Ark API of the whole cluster is another one for a while.
var _ = Describe("The way from CustomResourceDefinitions that docs/decisions.md describes", Serial, func() {
	It("moves all objects with spec and status, and leaves those in etcd as they were", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		ours := servedByDefinitions(ctx)
		queries, agents := framework.Ark.ArkV1alpha1().Queries(namespace), framework.Ark.ArkV1alpha1().Agents(namespace)
		_, err := agents.Create(ctx, &v1alpha1.Agent{
			ObjectMeta: metav1.ObjectMeta{Name: "weather", Labels: map[string]string{"team": "sky"}, Finalizers: []string{"example.org/held"}},
			Spec:       v1alpha1.AgentSpec{Prompt: new("You know the weather."), ModelRef: &v1alpha1.NamedRef{Name: "big"}},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		query, err := queries.Create(ctx, newQuery("asked"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		query.Status.Phase = "done"
		query, err = queries.UpdateStatus(ctx, query, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())

		dir := GinkgoT().TempDir()
		list := &unstructured.UnstructuredList{Object: map[string]any{"apiVersion": "v1", "kind": "List"}, Items: ours}
		manifest, err := list.MarshalJSON()
		Expect(err).NotTo(HaveOccurred())
		Expect(os.WriteFile(filepath.Join(dir, "apiservice.yaml"), manifest, 0o600)).To(Succeed())
		for _, command := range framework.DocumentedCommands("decisions.md", "### From CustomResourceDefinitions") {
			shell(ctx, dir, command)
		}

		moved, err := queries.Get(ctx, "asked", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(moved.UID).NotTo(Equal(query.UID), "it is another object")
		Expect(moved.Spec).To(Equal(query.Spec))
		Expect(moved.Status).To(Equal(query.Status))
		agent, err := agents.Get(ctx, "weather", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(agent.Labels).To(HaveKeyWithValue("team", "sky"))
		Expect(agent.Finalizers).To(ConsistOf("example.org/held"))

		By("going back by deleting the APIServices")
		deleteAPIServices(ctx)
		Eventually(func(g Gomega) {
			old, err := queries.Get(ctx, "asked", metav1.GetOptions{})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(old.UID).To(Equal(query.UID))
		}).WithTimeout(readyTimeout).Should(Succeed())
	})
})

// servedByDefinitions has CustomResourceDefinitions serve the Ark API until the spec ends, and
// returns the APIServices that had it served by the environment's server.
func servedByDefinitions(ctx context.Context) (ours []unstructured.Unstructured) {
	GinkgoHelper()
	for _, name := range apiServiceNames() {
		found, err := framework.Dynamic.Resource(apiServices).Get(ctx, name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		apiService := unstructured.Unstructured{Object: map[string]any{"spec": found.Object["spec"]}}
		apiService.SetAPIVersion(found.GetAPIVersion())
		apiService.SetKind(found.GetKind())
		apiService.SetName(name)
		apiService.SetLabels(found.GetLabels())
		ours = append(ours, apiService)
	}

	client := apiextensions.NewForConfigOrDie(framework.Config).ApiextensionsV1().CustomResourceDefinitions()
	definitions, err := crds.Definitions(v1alpha1.GroupName)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) { serveAgain(ctx, ours) })
	for _, definition := range definitions {
		_, err := client.Create(ctx, definition, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx context.Context) {
			freed(ctx)
			Expect(client.Delete(ctx, definition.Name, metav1.DeleteOptions{})).To(Succeed())
			Eventually(func() error {
				_, err := client.Get(ctx, definition.Name, metav1.GetOptions{})
				return err
			}).WithTimeout(readyTimeout).Should(MatchError(apierrors.IsNotFound, "IsNotFound"))
		})
	}
	deleteAPIServices(ctx)
	for _, definition := range definitions {
		for _, version := range definition.Spec.Versions {
			resource := schema.GroupVersionResource{Group: v1alpha1.GroupName, Version: version.Name, Resource: definition.Spec.Names.Plural}
			Eventually(func(g Gomega) {
				apiService, err := framework.Dynamic.Resource(apiServices).Get(ctx, version.Name+"."+v1alpha1.GroupName, metav1.GetOptions{})
				g.Expect(err).NotTo(HaveOccurred())
				_, elsewhere, _ := unstructured.NestedMap(apiService.Object, "spec", "service")
				g.Expect(elsewhere).To(BeFalse())
				_, err = framework.Dynamic.Resource(resource).List(ctx, metav1.ListOptions{})
				g.Expect(err).NotTo(HaveOccurred())
			}).WithTimeout(readyTimeout).Should(Succeed(), "%s", resource)
		}
	}
	return ours
}

func deleteAPIServices(ctx context.Context) {
	GinkgoHelper()
	for _, name := range apiServiceNames() {
		Expect(framework.Dynamic.Resource(apiServices).Delete(ctx, name, metav1.DeleteOptions{})).To(Succeed())
	}
}

// serveAgain has the environment's server serve the Ark API.
func serveAgain(ctx context.Context, ours []unstructured.Unstructured) {
	GinkgoHelper()
	for _, apiService := range ours {
		// kube-apiserver removes its own once there is no CustomResourceDefinition any more.
		Eventually(func() error {
			_, err := framework.Dynamic.Resource(apiServices).Get(ctx, apiService.GetName(), metav1.GetOptions{})
			return err
		}).WithTimeout(readyTimeout).Should(MatchError(apierrors.IsNotFound, "IsNotFound"))
		_, err := framework.Dynamic.Resource(apiServices).Create(ctx, &apiService, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
	}
	Eventually(func(g Gomega) {
		for _, name := range apiServiceNames() {
			apiService, err := framework.Dynamic.Resource(apiServices).Get(ctx, name, metav1.GetOptions{})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(apiService.Object["spec"]).To(HaveKey("service"))
		}
		g.Expect(framework.Ark.ArkV1alpha1().Agents("").List(ctx, metav1.ListOptions{})).NotTo(BeNil())
		g.Expect(framework.Ark.ArkV1prealpha1().A2AServers("").List(ctx, metav1.ListOptions{})).NotTo(BeNil())
	}).WithTimeout(readyTimeout).Should(Succeed())
	freed(ctx)
}

// freed removes the finalizers of agents, so that their namespaces can go.
func freed(ctx context.Context) {
	GinkgoHelper()
	agents, err := framework.Ark.ArkV1alpha1().Agents("").List(ctx, metav1.ListOptions{LabelSelector: "team=sky"})
	if apierrors.IsNotFound(err) {
		return
	}
	Expect(err).NotTo(HaveOccurred())
	for _, agent := range agents.Items {
		agent.Finalizers = nil
		_, err := framework.Ark.ArkV1alpha1().Agents(agent.Namespace).Update(ctx, &agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
	}
}

// shell runs a command as the administrator does.
func shell(ctx context.Context, dir, command string) {
	GinkgoHelper()
	kubectl, err := environment.Program("kubectl")
	Expect(err).NotTo(HaveOccurred())
	run := exec.CommandContext(ctx, "bash", "-e", "-c", command)
	run.Dir = dir
	run.Env = append(os.Environ(), "KUBECONFIG="+framework.Env.Kubeconfig, "PATH="+filepath.Dir(kubectl)+":"+os.Getenv("PATH"))
	output, err := run.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s\n%s", command, output)
	AddReportEntry(strings.TrimSpace(command), string(output), ReportEntryVisibilityFailureOrVerbose)
}
