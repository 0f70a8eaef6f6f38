package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Serial: the configuration is that of the whole installation.
var _ = Describe("The ArkConfig named default", Serial, func() {
	It("says how long queries are kept that do not say it themselves", func(ctx context.Context) {
		if framework.Env.Mode == environment.CRD {
			Skip("a schema's default does not depend on another object")
		}
		const ttl = 5 * time.Second
		s := newScene(ctx, 1)
		m := s.start().works()
		watcher, err := framework.Ark.ArkV1alpha1().Queries(s.namespaces[0]).Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=query"})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(watcher.Stop)
		s.configure(ctx, v1alpha1.ArkConfigSpec{QueryTTL: "5s"})

		query, lasting := s.query(s.namespaces[0], "query"), s.query(s.namespaces[0], "lasting")
		lasting.Spec.TTL = "1h"
		s.create(ctx, query, lasting)
		Expect(query.Spec.TTL).To(BeEquivalentTo("5s"))
		s.gone(ctx, query)
		Expect(s.farewells()).To(Equal(map[string]int{string(query.UID): 1}))
		last := &v1alpha1.Query{}
		for event := range watcher.ResultChan() {
			last = event.Object.(*v1alpha1.Query)
			if event.Type == watch.Deleted {
				break
			}
		}
		Expect(last.DeletionTimestamp.Time).NotTo(BeTemporally("<", query.CreationTimestamp.Add(ttl)))

		s.done(ctx, lasting)
		Expect(lasting.Spec.TTL).To(BeEquivalentTo("1h"))
		Expect(m.journal().failures).To(BeEmpty())
	})
})

// configure changes the installation for the time of a spec.
func (s *scene) configure(ctx context.Context, spec v1alpha1.ArkConfigSpec) {
	GinkgoHelper()
	config := &v1alpha1.ArkConfig{}
	err := s.Get(ctx, client.ObjectKey{Name: "default"}, config)
	if apierrors.IsNotFound(err) {
		config = &v1alpha1.ArkConfig{ObjectMeta: metav1.ObjectMeta{Name: "default"}, Spec: spec}
		s.create(ctx, config)
		DeferCleanup(func(ctx context.Context) { Expect(s.Delete(ctx, config)).To(Succeed()) })
		return
	}
	Expect(err).NotTo(HaveOccurred())
	before := config.Spec
	replace := func(ctx context.Context, spec v1alpha1.ArkConfigSpec) {
		config.Spec = spec
		Expect(s.Update(ctx, config)).To(Succeed())
	}
	replace(ctx, spec)
	DeferCleanup(func(ctx context.Context) { replace(ctx, before) })
}
