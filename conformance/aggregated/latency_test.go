package aggregated_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/crds"
)

// latencyGroup is the group of custom resources of the same kinds, which kube-apiserver keeps in
// etcd.
const latencyGroup = "latency.ark.example"

var _ = Describe("The way through kube-apiserver", Serial, func() {
	It("has its cost measured", func(ctx context.Context) {
		const requests = 500
		installDefinition(ctx, "agents."+latencyGroup)
		namespace := framework.Namespace(ctx)
		direct := framework.Env.Servers[0].Config(framework.Config)

		var rows []string
		for _, way := range []struct {
			name   string
			config *rest.Config
			group  string
		}{
			{"Ark, straight to the server", direct, v1alpha1.GroupName},
			{"Ark, through kube-apiserver", framework.Config, v1alpha1.GroupName},
			{"custom resource in kube-apiserver", framework.Config, latencyGroup},
		} {
			agents := dynamic.NewForConfigOrDie(way.config).Resource(schema.GroupVersionResource{
				Group: way.group, Version: v1alpha1.SchemeGroupVersion.Version, Resource: "agents",
			}).Namespace(namespace)
			name := func(i int) string { return fmt.Sprintf("agent-%d-%d", len(rows), i) }
			create := measure(requests, func(i int) error {
				_, err := agents.Create(ctx, agentOf(way.group, name(i)), metav1.CreateOptions{})
				return err
			})
			get := measure(requests, func(i int) error {
				_, err := agents.Get(ctx, name(i), metav1.GetOptions{})
				return err
			})
			rows = append(rows, fmt.Sprintf("%s: create p50 %s, p99 %s; get p50 %s, p99 %s", way.name, create.p50, create.p99, get.p50, get.p99))
		}
		AddReportEntry("latency", strings.Join(rows, "\n"), ReportEntryVisibilityAlways)
	})
})

// latencies of requests that were made one after the other.
type latencies struct{ p50, p99 time.Duration }

func measure(requests int, do func(i int) error) latencies {
	GinkgoHelper()
	times := make([]time.Duration, requests)
	for i := range times {
		began := time.Now()
		Expect(do(i)).To(Succeed())
		times[i] = time.Since(began)
	}
	return latenciesOf(times)
}

func latenciesOf(times []time.Duration) latencies {
	slices.Sort(times)
	return latencies{times[len(times)/2].Round(time.Microsecond), times[len(times)*99/100].Round(time.Microsecond)}
}

func agentOf(group, name string) *unstructured.Unstructured {
	return objectOf(group, "Agent", name, map[string]any{"prompt": strings.Repeat("You know everything about the weather. ", 40)})
}

// objectOf is of a kind of ours in whatever group.
func objectOf(group, kind, name string, spec map[string]any) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	object.SetAPIVersion(group + "/" + v1alpha1.SchemeGroupVersion.Version)
	object.SetKind(kind)
	object.SetName(name)
	return object
}

func installDefinition(ctx context.Context, name string) {
	GinkgoHelper()
	definitions := apiextensions.NewForConfigOrDie(framework.Config).ApiextensionsV1().CustomResourceDefinitions()
	all, err := crds.Definitions(latencyGroup)
	Expect(err).NotTo(HaveOccurred())
	for _, definition := range all {
		if definition.Name == name {
			_, err := definitions.Create(ctx, definition, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(func(ctx context.Context) {
				Expect(definitions.Delete(ctx, name, metav1.DeleteOptions{})).To(Succeed())
				// What follows from it goes last. Else the next spec sees it go.
				Eventually(func() error {
					_, err := framework.Dynamic.Resource(apiServices).Get(ctx, v1alpha1.SchemeGroupVersion.Version+"."+latencyGroup, metav1.GetOptions{})
					return err
				}).WithTimeout(readyTimeout).Should(MatchError(apierrors.IsNotFound, "IsNotFound"))
			})
		}
	}
	resource, _, _ := strings.Cut(name, ".")
	Eventually(func() error {
		resources := framework.Dynamic.Resource(schema.GroupVersionResource{Group: latencyGroup, Version: v1alpha1.SchemeGroupVersion.Version, Resource: resource})
		_, err := resources.List(ctx, metav1.ListOptions{})
		return err
	}).WithTimeout(readyTimeout).Should(Succeed())
}
