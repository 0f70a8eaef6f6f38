package aggregated_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	informers "ark.ai/apiserver/src/generated/informers/externalversions"
)

// uidAnnotation is where the way back notes which uid an object had.
const uidAnnotation = "ark.ai/migration-uid"

const (
	// owners is how many agents own queries and a ConfigMap each.
	owners, ownedByEach = 60, 4
	// writing is how many clients write meanwhile.
	writing = 4
)

// populate makes agents that own queries and ConfigMaps, some with status, one that can't go.
func (c *definedCluster) populate(ctx context.Context) {
	GinkgoHelper()
	for i := range owners {
		c.own(ctx, fmt.Sprintf("owner-%d", i), i)
	}
	agents := c.ark.ArkV1alpha1().Agents(namespace)
	_, err := agents.Create(ctx, &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: "going", Finalizers: []string{"example.org/held"}}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(agents.Delete(ctx, "going", metav1.DeleteOptions{})).To(Succeed())
}

// own makes an agent that owns queries with a number in their names, one of which has a status, and
// a ConfigMap.
func (c *definedCluster) own(ctx context.Context, name string, i int) {
	GinkgoHelper()
	agents, queries := c.ark.ArkV1alpha1().Agents(namespace), c.ark.ArkV1alpha1().Queries(namespace)
	agent, err := agents.Create(ctx, &v1alpha1.Agent{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{"example.org/number": fmt.Sprint(i)}},
		Spec:       v1alpha1.AgentSpec{Prompt: new("You know the weather.")},
	}, metav1.CreateOptions{FieldManager: "conformance"})
	Expect(err).NotTo(HaveOccurred())
	owned := metav1.ObjectMeta{
		Labels:          map[string]string{"owner": name},
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "ark.ai/v1alpha1", Kind: "Agent", Name: name, UID: agent.UID}},
	}
	for j := range ownedByEach {
		query := newQuery(fmt.Sprintf("owned-%d-%d", i, j))
		query.Labels, query.OwnerReferences = owned.Labels, owned.OwnerReferences
		query, err = queries.Create(ctx, query, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		if j == 0 {
			query.Status.Phase = "done"
			_, err = queries.UpdateStatus(ctx, query, metav1.UpdateOptions{})
			Expect(err).NotTo(HaveOccurred())
		}
	}
	configMap := &corev1.ConfigMap{ObjectMeta: owned}
	configMap.Name = name
	_, err = c.core.CoreV1().ConfigMaps(namespace).Create(ctx, configMap, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
}

// allObjects are the namespace's agents and queries by uid, without their resourceVersions, and
// of status only what has something in it: typed objects always have one.
func (c *definedCluster) allObjects(ctx context.Context) map[types.UID]unstructured.Unstructured {
	GinkgoHelper()
	all := make(map[types.UID]unstructured.Unstructured)
	for _, resource := range []string{"agents", "queries"} {
		list, err := c.dynamic.Resource(v1alpha1.SchemeGroupVersion.WithResource(resource)).Namespace(namespace).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		for _, item := range list.Items {
			item.SetResourceVersion("")
			dropHollow(item.Object, "status")
			all[item.GetUID()] = item
		}
	}
	return all
}

// compareBack compares objects before and after a way back. All are as they were; those that were
// made meanwhile have other uids, by which their owners are named.
func compareBack(before, after map[types.UID]unstructured.Unstructured) {
	GinkgoHelper()
	old := make(map[types.UID]types.UID)
	var renamed []string
	for uid, object := range after {
		old[uid] = cmp.Or(types.UID(object.GetAnnotations()[uidAnnotation]), uid)
		renamed = append(renamed, string(uid), string(old[uid]))
	}
	replacer := strings.NewReplacer(renamed...)
	returned := make(map[types.UID]map[string]any, len(after))
	for uid, object := range after {
		text, err := object.MarshalJSON()
		Expect(err).NotTo(HaveOccurred())
		Expect(object.UnmarshalJSON([]byte(replacer.Replace(string(text))))).To(Succeed())
		was := before[old[uid]]
		object.SetGeneration(was.GetGeneration()) // etcd's objects were not written as often
		if old[uid] != uid {
			object.SetCreationTimestamp(was.GetCreationTimestamp())
			object.SetAnnotations(was.GetAnnotations())
		}
		returned[old[uid]] = object.Object
	}
	for uid, object := range before {
		if !strings.HasPrefix(object.GetName(), "written-") {
			Expect(returned[uid]).To(Equal(object.Object), object.GetName())
		}
	}
}

// ownedBy counts the queries and ConfigMaps of an owner.
func (c *definedCluster) ownedBy(ctx context.Context, owner string) int {
	GinkgoHelper()
	options := metav1.ListOptions{LabelSelector: "owner=" + owner}
	queries, err := c.ark.ArkV1alpha1().Queries(namespace).List(ctx, options)
	Expect(err).NotTo(HaveOccurred())
	configMaps, err := c.core.CoreV1().ConfigMaps(namespace).List(ctx, options)
	Expect(err).NotTo(HaveOccurred())
	return len(queries.Items) + len(configMaps.Items)
}

// dropHollow deletes a field, or those in it, that are objects with nothing in them.
func dropHollow(object map[string]any, name string) {
	if fields, ok := object[name].(map[string]any); ok {
		for field := range fields {
			dropHollow(fields, field)
		}
		if len(fields) == 0 {
			delete(object, name)
		}
	}
}

// openedCache is an informer's that knows nothing of a migration.
type openedCache struct {
	*definedCluster
	store cache.Store
}

func (c *definedCluster) openCache(ctx context.Context) openedCache {
	GinkgoHelper()
	factory := informers.NewSharedInformerFactoryWithOptions(c.ark, 0, informers.WithNamespace(namespace))
	informer := factory.Ark().V1alpha1().Queries().Informer()
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	DeferCleanup(func() { stop(); factory.Shutdown() })
	factory.Start(running.Done())
	Expect(cache.WaitForCacheSync(ctx.Done(), informer.HasSynced)).To(BeTrue())
	return openedCache{c, informer.GetStore()}
}

type openedCaches []openedCache

func (all openedCaches) check(ctx context.Context) {
	GinkgoHelper()
	for _, c := range all {
		c.check(ctx)
	}
}

// check waits until the cache is what the API has.
func (c openedCache) check(ctx context.Context) {
	GinkgoHelper()
	versions := func(objects []any) map[string]string {
		all := make(map[string]string)
		for _, object := range objects {
			query := object.(*v1alpha1.Query)
			all[query.Name] = query.ResourceVersion
		}
		return all
	}
	Eventually(func(g Gomega) {
		list, err := c.ark.ArkV1alpha1().Queries(namespace).List(ctx, metav1.ListOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		served := make([]any, len(list.Items))
		for i := range list.Items {
			served[i] = &list.Items[i]
		}
		g.Expect(versions(c.store.List())).To(Equal(versions(served)))
	}).WithTimeout(readyTimeout).Should(Succeed())
}

// writers create, update and delete queries, each its own, and remember what was acknowledged.
type writers struct {
	*definedCluster
	// ending ends them, but no request that was sent: the outcome of each is known.
	ending  context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu sync.Mutex
	// acknowledged is the priority of each query that lives.
	acknowledged map[string]string
	writes       int
	// refused and unavailable are when writes were.
	refused, unavailable []time.Time
	others               []error
}

// startWriters has clients write by way of each kube-apiserver: the cluster's, and others.
func (c *definedCluster) startWriters(ctx context.Context, others ...versioned.Interface) *writers {
	w := &writers{definedCluster: c, acknowledged: make(map[string]string)}
	through := append([]versioned.Interface{c.ark}, others...)
	ctx = context.WithoutCancel(ctx)
	w.ending, w.stop = context.WithCancel(ctx)
	DeferCleanup(func() { w.stop(); w.running.Wait() })
	for i := range writing {
		w.running.Go(func() {
			for n := 0; w.ending.Err() == nil; n++ {
				w.live(ctx, through[i%len(through)], fmt.Sprintf("written-%d-%d", i, n), n%3 == 0)
			}
		})
	}
	return w
}

// live has a query created, changed and maybe deleted.
func (w *writers) live(ctx context.Context, through versioned.Interface, name string, die bool) {
	queries := through.ArkV1alpha1().Queries(namespace)
	w.write(name, "0", func() error {
		_, err := queries.Create(ctx, newQuery(name), metav1.CreateOptions{})
		return err
	})
	w.write(name, "1", func() error {
		_, err := queries.Patch(ctx, name, types.MergePatchType, []byte(`{"metadata":{"labels":{"step":"1"}}}`), metav1.PatchOptions{})
		return err
	})
	if die {
		w.write(name, "", func() error { return queries.Delete(ctx, name, metav1.DeleteOptions{}) })
	}
}

// write tries until it is acknowledged; step "" is a deletion.
func (w *writers) write(name, step string, do func() error) {
	unsure := false
	for w.ending.Err() == nil {
		err := do()
		if unsure && (apierrors.IsAlreadyExists(err) || step == "" && apierrors.IsNotFound(err)) {
			err = nil // It was done by the attempt of which nobody knew.
		}
		w.mu.Lock()
		now := time.Now()
		switch {
		case err == nil && step == "":
			w.writes++
			delete(w.acknowledged, name)
		case err == nil:
			w.writes++
			w.acknowledged[name] = step
		case apierrors.IsForbidden(err):
			w.refused = append(w.refused, now)
		case apierrors.IsTimeout(err):
			unsure = true
		case apierrors.IsServiceUnavailable(err):
			w.unavailable = append(w.unavailable, now)
		default:
			w.others = append(w.others, fmt.Errorf("%s, step %q: %w", name, step, err))
		}
		w.mu.Unlock()
		if err == nil {
			return
		}
	}
}

// awaitMore waits until there are writes that are acknowledged again.
func (w *writers) awaitMore(ctx context.Context) {
	GinkgoHelper()
	count := func() int {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.writes
	}
	before := count()
	Eventually(ctx, count).WithTimeout(readyTimeout).Should(BeNumerically(">", before+50))
}

// check compares what was acknowledged with what there is.
func (w *writers) check(ctx context.Context) {
	GinkgoHelper()
	w.stop()
	w.running.Wait()
	Expect(w.others).To(BeEmpty())
	list, err := w.ark.ArkV1alpha1().Queries(namespace).List(ctx, metav1.ListOptions{LabelSelector: "!owner"})
	Expect(err).NotTo(HaveOccurred())
	found := make(map[string]string)
	for _, query := range list.Items {
		found[query.Name] = cmp.Or(query.Labels["step"], "0")
	}
	Expect(found).To(Equal(w.acknowledged))
	Expect(w.refused).NotTo(BeEmpty())
	w.report()
}

// report tells of the writes since the last report.
func (w *writers) report() {
	w.mu.Lock()
	defer w.mu.Unlock()
	AddReportEntry("writes", fmt.Sprintf("%d acknowledged, %d refused within %s, %d unavailable", w.writes, len(w.refused),
		w.refused[len(w.refused)-1].Sub(w.refused[0]).Round(time.Millisecond), len(w.unavailable)))
	w.refused, w.unavailable = nil, nil
}
