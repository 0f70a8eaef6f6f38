package helm_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// clusters are resources that copy the labels of others, and that the cluster cares for.
var clusters = []string{"endpoints", "endpointslices"}

// owned are the objects of all kinds that carry the release's label.
func owned(g Gomega, ctx context.Context) (names []string) {
	lists, err := framework.Client.DiscoveryClient.ServerPreferredResources()
	g.Expect(err).NotTo(HaveOccurred(), "discovery is broken")
	for _, list := range discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list"}}, lists) {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		g.Expect(err).NotTo(HaveOccurred())
		for _, resource := range list.APIResources {
			if slices.Contains(clusters, resource.Name) {
				continue
			}
			objects, err := framework.Dynamic.Resource(version.WithResource(resource.Name)).List(ctx, metav1.ListOptions{LabelSelector: release().Labels()})
			g.Expect(err).NotTo(HaveOccurred(), resource.Name)
			for _, object := range objects.Items {
				names = append(names, strings.Join([]string{resource.Name, object.GetNamespace(), object.GetName()}, "/"))
			}
		}
	}
	slices.Sort(names)
	return names
}

var _ = Describe("A release that is uninstalled", Serial, func() {
	It("leaves a cluster that works, and data that the next release finds", func(ctx context.Context) {
		awaitService(ctx)
		namespace := framework.Namespace(ctx)
		_, err := framework.Ark.ArkV1alpha1().Memories(namespace).Create(ctx, memory("kept"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Eventually(ctx, owned).Should(ContainElement("apiservices//" + apiServiceName))

		By("uninstalling")
		_, err = release().Uninstall(ctx)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx context.Context) {
			// Whatever has failed, the next spec finds a release.
			_, err := release().Upgrade(ctx, "--install")
			Expect(err).NotTo(HaveOccurred())
			awaitService(ctx)
		})
		var data []string
		if framework.Env.Driver == environment.SQLite {
			data = []string{fmt.Sprintf("persistentvolumeclaims/%s/%s-data", release().Namespace, release().Name)}
		}
		Eventually(ctx, owned).Should(Equal(data))
		AddReportEntry("kubectl get all,apiservice,pvc -A", kubectl(ctx, "get", "all,apiservice,pvc", "-A"))

		By("deleting a namespace, which needs all APIs to answer")
		other, err := framework.Client.CoreV1().Namespaces().Create(ctx,
			&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "without-ark-"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(framework.Client.CoreV1().Namespaces().Delete(ctx, other.Name, metav1.DeleteOptions{})).To(Succeed())
		Eventually(ctx, func() error {
			_, err := framework.Client.CoreV1().Namespaces().Get(ctx, other.Name, metav1.GetOptions{})
			return err
		}).Should(MatchError(apierrors.IsNotFound, "is gone"))

		By("installing it anew")
		_, err = release().Install(ctx)
		Expect(err).NotTo(HaveOccurred())
		awaitService(ctx)
		kept, err := framework.Ark.ArkV1alpha1().Memories(namespace).Get(ctx, "kept", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(kept.Spec).To(Equal(memory("kept").Spec))
	})
})
