package helm_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/e2e/history"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	typed "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
)

const (
	writers  = 4
	watchers = 3
	// rate of each writer, in writes per second.
	rate = 25
)

// load is clients that write and watch through kube-apiserver while something else goes on. They do
// as all clients of Kubernetes do: requests are tried again if the answer says when, and watches go
// on from where they ended.
type load struct {
	memories typed.MemoryInterface
	begin    time.Time
	// stop tells the writers to stop.
	stop    context.CancelFunc
	writing sync.WaitGroup

	mu       sync.Mutex
	records  map[string]*history.Record
	tried    int
	failures []string

	watches []*watcher
}

// startLoad writes until end is called. Some has been written when it returns.
func startLoad(ctx context.Context) *load {
	GinkgoHelper()
	namespace := framework.Namespace(ctx)
	writing, stop := context.WithCancel(ctx)
	DeferCleanup(stop)
	l := &load{memories: client().ArkV1alpha1().Memories(namespace), begin: time.Now(), stop: stop, records: map[string]*history.Record{}}
	list, err := l.memories.List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	for range watchers {
		l.watches = append(l.watches, startWatch(ctx, l.memories, list.ResourceVersion))
	}
	for i := range writers {
		memories := client().ArkV1alpha1().Memories(namespace)
		l.writing.Go(func() {
			defer GinkgoRecover()
			for n := 0; writing.Err() == nil; n++ {
				l.write(ctx, memories, fmt.Sprintf("memory-%d-%d", i, n), n%2 == 0)
			}
		})
	}
	Eventually(ctx, func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.records)
	}).Should(BeNumerically(">", writers))
	return l
}

// client has the rate limit of one writer.
func client() versioned.Interface {
	config := rest.CopyConfig(framework.Config)
	config.QPS, config.Burst = rate, rate
	return versioned.NewForConfigOrDie(config)
}

// write is the life of an object: it is created, changed twice, and, if it is not to stay, deleted.
func (l *load) write(ctx context.Context, memories typed.MemoryInterface, name string, stays bool) {
	version := func(memory *v1alpha1.Memory, err error) (string, error) {
		if err != nil {
			return "", err
		}
		return memory.ResourceVersion, nil
	}
	steps := []func() (watch.EventType, string, error){
		func() (watch.EventType, string, error) {
			v, err := version(memories.Create(ctx, memory(name), metav1.CreateOptions{}))
			return watch.Added, v, err
		},
	}
	for _, address := range []string{"http://one", "http://two"} {
		steps = append(steps, func() (watch.EventType, string, error) {
			patch := fmt.Appendf(nil, `{"spec":{"address":{"value":%q}}}`, address)
			v, err := version(memories.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{}))
			return watch.Modified, v, err
		})
	}
	if !stays {
		steps = append(steps, func() (watch.EventType, string, error) {
			return watch.Deleted, "", memories.Delete(ctx, name, metav1.DeleteOptions{})
		})
	}
	r := &history.Record{}
	for _, do := range steps {
		event, version, err := do()
		l.mu.Lock()
		l.records[name] = r
		l.tried++
		if err != nil {
			r.Failed = event
			l.failures = append(l.failures, fmt.Sprintf("%s %s after %.1f s: %v", event, name, time.Since(l.begin).Seconds(), err))
		} else {
			r.Steps = append(r.Steps, history.Step{Event: event, Version: version})
		}
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func memory(name string) *v1alpha1.Memory {
	return &v1alpha1.Memory{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       v1alpha1.MemorySpec{Address: &v1alpha1.ValueSource{Value: new("http://zero")}},
	}
}

// end stops the writers, and expects that everything that was acknowledged is stored and was shown
// to every watch, once and in order. How many writes may fail is for the caller to say; the figures
// are in the report.
func (l *load) end(ctx context.Context) *load {
	GinkgoHelper()
	l.stop()
	l.writing.Wait()
	Eventually(ctx, func() error {
		_, err := l.memories.Create(ctx, memory(lastName), metav1.CreateOptions{})
		return err
	}).Should(Succeed())
	f := figures{Tried: l.tried, Failed: len(l.failures), Watches: len(l.watches), Seconds: time.Since(l.begin).Seconds()}
	for _, r := range l.records {
		f.Expected += len(r.Steps) * len(l.watches)
	}
	var wrong []string
	for i, w := range l.watches {
		shown := w.result(ctx)
		f.Rewatched += int(w.begun.Load()) - 1
		for name, steps := range shown {
			f.Received += len(steps)
			if l.records[name] == nil {
				wrong = append(wrong, fmt.Sprintf("watch %d shows %s, which nobody has written", i, name))
			}
		}
		for name, r := range l.records {
			if difference := r.Difference(shown[name]); difference != "" {
				wrong = append(wrong, fmt.Sprintf("watch %d: %s: %s", i, name, difference))
			}
		}
	}
	AddReportEntry("load", f)
	Expect(wrong).To(BeEmpty(), "what was written and what watches have shown")
	Expect(l.lost(ctx)).To(BeEmpty(), "what was acknowledged and what is stored")
	return l
}

// lost tells what of the acknowledged writes is not stored.
func (l *load) lost(ctx context.Context) (lost []string) {
	GinkgoHelper()
	list, err := l.memories.List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	stored := map[string]string{}
	for _, memory := range list.Items {
		stored[memory.Name] = memory.ResourceVersion
	}
	for name, r := range l.records {
		if len(r.Steps) == 0 || r.Failed != "" {
			// Stored or not, both would be right; that it was shown as it was acknowledged has been
			// verified.
			continue
		}
		want := r.Steps[len(r.Steps)-1]
		if version, ok := stored[name]; ok != (want.Event != watch.Deleted) || version != want.Version {
			lost = append(lost, fmt.Sprintf("%s: acknowledged %v, stored %q", name, r.Steps, version))
		}
	}
	return lost
}

// withoutFailure expects that no write has failed.
func (l *load) withoutFailure() {
	GinkgoHelper()
	Expect(l.failures).To(BeEmpty())
}

// figures are for the report.
type figures struct {
	Tried, Failed      int
	Watches, Rewatched int
	Expected, Received int
	Seconds            float64
}

func (f figures) String() string {
	return fmt.Sprintf("%d writes tried, %d failed; %d watches, begun anew %d times, %d events expected, %d received; %.1f s",
		f.Tried, f.Failed, f.Watches, f.Rewatched, f.Expected, f.Received, f.Seconds)
}
