package controllers_test

import (
	"context"
	"fmt"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

const (
	sceneLabel = "conformance.ark.ai/scene"
	writers    = 8
)

// scene is the world of a spec: namespaces with an agent, its model and the key for it, and the
// service behind.
type scene struct {
	client.Client
	*service
	namespaces []string
	labels     map[string]string
}

// newScene has an agent "parrot" in every namespace.
func newScene(ctx context.Context, namespaces int) *scene {
	GinkgoHelper()
	s := newEmptyScene(ctx, namespaces)
	for _, namespace := range s.namespaces {
		s.create(ctx, s.secret(namespace), s.model(namespace), s.agent(namespace))
	}
	return s
}

func newEmptyScene(ctx context.Context, namespaces int) *scene {
	GinkgoHelper()
	scheme := runtime.NewScheme()
	Expect(clientgoscheme.AddToScheme(scheme)).To(Succeed())
	Expect(v1alpha1.AddToScheme(scheme)).To(Succeed())
	Expect(v1prealpha1.AddToScheme(scheme)).To(Succeed())
	c, err := client.New(framework.Config, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())
	s := &scene{Client: c, service: newService()}
	for range namespaces {
		s.namespaces = append(s.namespaces, framework.Namespace(ctx))
	}
	s.labels = map[string]string{sceneLabel: s.namespaces[0]}
	DeferCleanup(s.releaseQueries)
	return s
}

// releaseQueries takes the finalizers off, as there is no manager any more.
func (s *scene) releaseQueries(ctx context.Context) {
	for _, query := range s.queries(ctx) {
		Eventually(func() error {
			return client.IgnoreNotFound(s.Patch(ctx, &query, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`))))
		}).Should(Succeed())
	}
}

func (s *scene) create(ctx context.Context, objects ...client.Object) {
	GinkgoHelper()
	for _, o := range objects {
		Expect(s.Create(ctx, o)).To(Succeed())
	}
}

// createQueries makes n queries, spread over the namespaces, from several writers.
func (s *scene) createQueries(ctx context.Context, n int) {
	GinkgoHelper()
	errs := make([]error, writers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := w; i < n && errs[w] == nil; i += writers {
				errs[w] = s.Create(ctx, s.query(s.namespaces[i%len(s.namespaces)], fmt.Sprintf("query-%d", i)))
			}
		})
	}
	group.Wait()
	Expect(errs).To(HaveEach(BeNil()))
}

// queries are those of the scene.
func (s *scene) queries(ctx context.Context) []v1alpha1.Query {
	GinkgoHelper()
	list := &v1alpha1.QueryList{}
	Expect(s.List(ctx, list, client.MatchingLabels(s.labels))).To(Succeed())
	return list.Items
}
