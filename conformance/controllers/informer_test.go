package controllers_test

import (
	"context"
	"fmt"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	arkinformers "ark.ai/apiserver/src/generated/informers/externalversions/ark/v1alpha1"
)

var agents = v1alpha1.SchemeGroupVersion.WithResource("agents")

func typedInformer(config *rest.Config, namespace string) cache.SharedIndexInformer {
	return arkinformers.NewAgentInformer(versioned.NewForConfigOrDie(config), namespace, 0, cache.Indexers{})
}

func dynamicInformer(config *rest.Config, namespace string) cache.SharedIndexInformer {
	return dynamicinformer.NewFilteredDynamicInformer(dynamic.NewForConfigOrDie(config), agents, namespace, 0, cache.Indexers{}, nil).Informer()
}

func metadataInformer(config *rest.Config, namespace string) cache.SharedIndexInformer {
	return metadatainformer.NewFilteredMetadataInformer(metadata.NewForConfigOrDie(config), agents, namespace, 0, cache.Indexers{}, nil).Informer()
}

var _ = Describe("An informer", func() {
	DescribeTable("goes on after its connection was lost: nothing is missing, nothing comes twice",
		func(ctx context.Context, newInformer func(*rest.Config, string) cache.SharedIndexInformer) {
			namespace := framework.Namespace(ctx)
			writer := &agentWriter{namespace: namespace}
			writer.work(ctx, 0, 10)
			wire := &line{}
			listener := listen(ctx, newInformer(wire.config(), namespace))
			Expect(listener.all()).To(ConsistOf(writer.present()))
			Expect(listener.all()).To(HaveEach(HavePrefix("add ")))
			initial := len(listener.all())
			writer.heard = nil

			for round := range 2 {
				first := 10 * (round + 1)
				writer.work(ctx, first, 10)
				refused := wire.refusals()
				wire.cut()
				writer.work(ctx, first, 10)
				Eventually(wire.refusals).Should(BeNumerically(">", refused), "it should try to connect")
				wire.mend()
				writer.work(ctx, first+5, 10)
			}
			Eventually(func() []string { return listener.all()[initial:] }).Should(Equal(writer.heard))
			listener.holds(ctx, namespace)
		},
		Entry("typed", typedInformer),
		Entry("dynamic", dynamicInformer),
		Entry("for metadata only", metadataInformer),
	)

	It("that starts anew has one event for each object that exists", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		writer := &agentWriter{namespace: namespace}
		first := listen(ctx, typedInformer(framework.Config, namespace))
		writer.work(ctx, 0, 20)
		Eventually(first.all).Should(Equal(writer.heard))
		first.stop()

		writer.work(ctx, 10, 20)
		second := listen(ctx, typedInformer(framework.Config, namespace))
		Expect(second.all()).To(ConsistOf(writer.present()))
		initial := len(second.all())
		writer.heard = nil
		writer.work(ctx, 20, 20)
		Eventually(func() []string { return second.all()[initial:] }).Should(Equal(writer.heard))
		second.holds(ctx, namespace)
	})
})

// agentWriter makes, changes and deletes agents, and knows what informers should hear.
type agentWriter struct {
	namespace string
	heard     []string
	versions  map[string]string
}

// work cares for n agents from the first: it makes those that are not there, changes all of them,
// and deletes every third.
func (w *agentWriter) work(ctx context.Context, first, n int) {
	GinkgoHelper()
	client := framework.Ark.ArkV1alpha1().Agents(w.namespace)
	if w.versions == nil {
		w.versions = map[string]string{}
	}
	for i := first; i < first+n; i++ {
		name := fmt.Sprintf("agent-%d", i)
		if w.versions[name] == "" {
			created, err := client.Create(ctx, &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			w.tell("add", created)
		}
		agent, err := client.Get(ctx, name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		agent.Spec.Prompt = new(ptr.Deref(agent.Spec.Prompt, "") + "Be brief. ")
		updated, err := client.Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		w.tell("update", updated)
		if i%3 == 0 {
			Expect(client.Delete(ctx, name, metav1.DeleteOptions{})).To(Succeed())
			w.heard = append(w.heard, "delete "+name)
			delete(w.versions, name)
		}
	}
}

func (w *agentWriter) tell(event string, agent *v1alpha1.Agent) {
	w.versions[agent.Name] = agent.ResourceVersion
	w.heard = append(w.heard, event+" "+agent.Name+" "+agent.ResourceVersion)
}

// present is what an informer that begins should hear.
func (w *agentWriter) present() []string {
	var present []string
	for name, version := range w.versions {
		present = append(present, "add "+name+" "+version)
	}
	return present
}

// listener is a running informer, and what it has told.
type listener struct {
	informer cache.SharedIndexInformer
	stop     func()
	mu       sync.Mutex
	heard    []string
}

// listen runs an informer until the spec ends. It has told what there is when this returns.
func listen(ctx context.Context, informer cache.SharedIndexInformer) *listener {
	GinkgoHelper()
	l := &listener{informer: informer}
	tell := func(event string, o metav1.Object, version string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.heard = append(l.heard, event+" "+o.GetName()+version)
	}
	registration, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(o any) { tell("add", o.(metav1.Object), " "+o.(metav1.Object).GetResourceVersion()) },
		UpdateFunc: func(_, o any) { tell("update", o.(metav1.Object), " "+o.(metav1.Object).GetResourceVersion()) },
		DeleteFunc: func(o any) {
			// Not the last known state of something that was missed.
			if deleted, ok := o.(metav1.Object); ok {
				tell("delete", deleted, "")
			}
		},
	})
	Expect(err).NotTo(HaveOccurred())
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var group sync.WaitGroup
	// Ends when the spec does.
	group.Go(func() { informer.RunWithContext(running) })
	l.stop = func() { cancel(); group.Wait() }
	DeferCleanup(l.stop)
	Eventually(registration.HasSynced).Should(BeTrue())
	return l
}

func (l *listener) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.heard...)
}

// holds wants the informer's store to be what a list returns.
func (l *listener) holds(ctx context.Context, namespace string) {
	GinkgoHelper()
	list, err := framework.Ark.ArkV1alpha1().Agents(namespace).List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	var want, got []string
	for _, item := range list.Items {
		want = append(want, item.Name+" "+item.ResourceVersion)
	}
	for _, o := range l.informer.GetStore().List() {
		item, err := meta.Accessor(o)
		Expect(err).NotTo(HaveOccurred())
		got = append(got, item.GetName()+" "+item.GetResourceVersion())
	}
	Expect(got).To(ConsistOf(want))
}
