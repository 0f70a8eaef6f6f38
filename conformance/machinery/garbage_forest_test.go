package machinery_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/util/retry"

	"ark.ai/apiserver/conformance/framework"
)

// treeKinds are the kinds of the objects in a forest: two of Ark, one of Kubernetes.
var treeKinds = []struct {
	schema.GroupVersionResource
	kind string
}{
	{schema.GroupVersionResource{Group: "ark.ai", Version: "v1alpha1", Resource: "queries"}, "Query"},
	{schema.GroupVersionResource{Group: "ark.ai", Version: "v1alpha1", Resource: "memories"}, "Memory"},
	{schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, "ConfigMap"},
}

// tree is an object of a forest, and what is known of it.
type tree struct {
	name   string
	kind   int // in treeKinds
	meta   metav1.OwnerReference
	owners map[*tree]bool
}

// forest has objects of a namespace that own each other.
type forest struct {
	namespace string
	random    *rand.Rand
	trees     []*tree
	planted   int
}

// of is where objects of a tree's kind are.
func (f *forest) of(t *tree) dynamic.ResourceInterface {
	return framework.Dynamic.Resource(treeKinds[t.kind].GroupVersionResource).Namespace(f.namespace)
}

// plant makes an object that up to two others own.
func (f *forest) plant(ctx context.Context) {
	GinkgoHelper()
	t := &tree{name: fmt.Sprintf("tree-%02d", f.planted), kind: f.random.IntN(len(treeKinds)), owners: make(map[*tree]bool)}
	object := parsed([]byte(`{"apiVersion":"v1","kind":"ConfigMap"}`))
	if kind := treeKinds[t.kind]; kind.Group != "" {
		object = parsed([]byte(manifest(kind.kind, t.name)))
	}
	object.SetName(t.name)
	object.SetOwnerReferences(f.choose(t))
	made, err := f.of(t).Create(ctx, object, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	t.meta = metav1.OwnerReference{APIVersion: made.GetAPIVersion(), Kind: made.GetKind(), Name: t.name, UID: made.GetUID()}
	f.trees = append(f.trees, t)
	f.planted++
}

// choose has up to two objects own t, and none of them twice.
func (f *forest) choose(t *tree) (references []metav1.OwnerReference) {
	clear(t.owners)
	for range f.random.IntN(3) {
		if len(f.trees) == 0 {
			break
		}
		if owner := f.trees[f.random.IntN(len(f.trees))]; owner != t && !t.owners[owner] {
			t.owners[owner] = true
			references = append(references, owner.meta)
		}
	}
	return references
}

// graft has others own an object, or none.
func (f *forest) graft(ctx context.Context, t *tree) {
	GinkgoHelper()
	owners := f.choose(t)
	Expect(retry.RetryOnConflict(retry.DefaultRetry, func() error { // the collector drops references to what is gone
		object, err := f.of(t).Get(ctx, t.name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		object.SetOwnerReferences(owners)
		_, err = f.of(t).Update(ctx, object, metav1.UpdateOptions{})
		return err
	})).To(Succeed())
}

// fall deletes an object, and expects that whatever has owners goes with the last of them, if they
// are not to be orphans.
func (f *forest) fall(ctx context.Context, t *tree, policy metav1.DeletionPropagation) {
	GinkgoHelper()
	Expect(f.of(t).Delete(ctx, t.name, metav1.DeleteOptions{PropagationPolicy: &policy})).To(Succeed())
	gone := map[*tree]bool{t: true}
	for changed := true; changed; {
		changed = false
		for _, other := range f.trees {
			if gone[other] || len(other.owners) == 0 {
				continue
			}
			if policy == metav1.DeletePropagationOrphan {
				delete(other.owners, t)
				continue
			}
			left := maps.Clone(other.owners)
			maps.DeleteFunc(left, func(o *tree, _ bool) bool { return gone[o] })
			if len(left) == 0 {
				gone[other], changed = true, true
			}
		}
	}
	f.trees = slices.DeleteFunc(f.trees, func(t *tree) bool { return gone[t] })
	for _, other := range f.trees {
		maps.DeleteFunc(other.owners, func(o *tree, _ bool) bool { return gone[o] })
	}
}

// standing are the names of the objects that are to be there, found of those that are.
func (f *forest) standing() (names []string) {
	for _, t := range f.trees {
		names = append(names, t.name)
	}
	return names
}

func (f *forest) found(ctx context.Context) (names []string) {
	GinkgoHelper()
	for _, kind := range treeKinds {
		list, err := framework.Dynamic.Resource(kind.GroupVersionResource).Namespace(f.namespace).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		for _, item := range list.Items {
			if strings.HasPrefix(item.GetName(), "tree-") {
				names = append(names, item.GetName())
			}
		}
	}
	slices.Sort(names)
	return names
}

var _ = Describe("Garbage collection of a forest", func() {
	It("leaves what has an owner that is left, and what has none", func(ctx context.Context) {
		f := &forest{namespace: framework.Namespace(ctx), random: rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))}
		for range 40 {
			f.plant(ctx)
		}
		policies := []metav1.DeletionPropagation{metav1.DeletePropagationBackground, metav1.DeletePropagationForeground, metav1.DeletePropagationOrphan}
		for round := range 10 {
			for range 3 {
				f.graft(ctx, f.trees[f.random.IntN(len(f.trees))])
			}
			policy := policies[round%len(policies)]
			t := f.trees[f.random.IntN(len(f.trees))]
			By(fmt.Sprintf("deleting %s: %s", t.name, policy))
			f.fall(ctx, t, policy)
			Eventually(f.found, controllerTimeout).WithContext(ctx).Should(Equal(f.standing()))
			for range 3 {
				f.plant(ctx)
			}
		}
		Consistently(f.found, "2s").WithContext(ctx).Should(Equal(f.standing()))
	})
})
