package helm_test

import (
	"context"
	"fmt"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"

	"ark.ai/apiserver/e2e/history"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	typed "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
)

// lastName is the object whose event ends a watcher.
const lastName = "the-last-one"

// watcher is a watch that goes on from where it was when the server or the connection ends it.
type watcher struct {
	begun atomic.Int64
	// ended is closed when it has seen the last object, or something that is none of ours.
	ended chan struct{}
	shown map[string][]history.Step
	err   error
}

func startWatch(ctx context.Context, memories typed.MemoryInterface, version string) *watcher {
	GinkgoHelper()
	w := &watcher{ended: make(chan struct{}), shown: map[string][]history.Step{}}
	events, err := watchtools.NewRetryWatcherWithContext(ctx, version, &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			started, err := memories.Watch(ctx, options)
			if err == nil {
				w.begun.Add(1)
			}
			return started, err
		},
	})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(events.Stop)
	// Ends with the last object, or with the watch.
	go func() {
		defer close(w.ended)
		w.err = w.read(events.ResultChan())
	}()
	return w
}

func (w *watcher) read(events <-chan watch.Event) error {
	for e := range events {
		memory, ok := e.Object.(*v1alpha1.Memory)
		if !ok {
			return fmt.Errorf("event %s: %+v", e.Type, e.Object)
		}
		if memory.Name == lastName {
			return nil
		}
		w.shown[memory.Name] = append(w.shown[memory.Name], history.Step{Event: e.Type, Version: memory.ResourceVersion})
	}
	return fmt.Errorf("the watch has ended before it has shown %s", lastName)
}

// result is all that it has shown before the last object.
func (w *watcher) result(ctx context.Context) map[string][]history.Step {
	GinkgoHelper()
	Eventually(ctx, w.ended).Should(BeClosed())
	Expect(w.err).NotTo(HaveOccurred())
	return w.shown
}
