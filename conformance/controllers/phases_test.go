package controllers_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// phases are those that a watch shows of one query, without repetitions.
type phases struct {
	watcher watch.Interface
	seen    []v1alpha1.QueryPhase
}

// watchPhases begins before the query is created.
func (s *scene) watchPhases(ctx context.Context, name string) *phases {
	GinkgoHelper()
	watcher, err := framework.Ark.ArkV1alpha1().Queries(s.namespaces[0]).Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(watcher.Stop)
	return &phases{watcher: watcher}
}

// expect waits until the last of the phases is there, and wants the others before it and nothing
// else.
func (p *phases) expect(want ...v1alpha1.QueryPhase) {
	GinkgoHelper()
	Eventually(func() []v1alpha1.QueryPhase {
		select {
		case event := <-p.watcher.ResultChan():
			Expect(event.Type).To(BeElementOf(watch.Added, watch.Modified))
			p.seen = append(p.seen, event.Object.(*v1alpha1.Query).Status.Phase)
		default:
		}
		return p.seen
	}).Should(ContainElement(want[len(want)-1]))
	Expect(slices.Compact(p.seen)).To(Equal(want))
}
