package storagetest

import (
	"context"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"
	storagetesting "k8s.io/apiserver/pkg/storage/testing"
	"k8s.io/apiserver/pkg/storage/value"

	"ark.ai/apiserver/src/storage"
)

// onceFailingTransformer fails to read once after each time that it is told to, as a key service
// does that does not answer.
type onceFailingTransformer struct {
	value.Transformer
	fail atomic.Bool
}

func (o *onceFailingTransformer) TransformFromStorage(ctx context.Context, data []byte, dataCtx value.Context) ([]byte, bool, error) {
	if o.fail.Swap(false) {
		return nil, false, errSynthetic
	}
	return o.Transformer.TransformFromStorage(ctx, data, dataCtx)
}

// exerciseTransformerFailsOnce: a watch that meets a value that can't be read ends with an error.
// The event is shared with watches that come later: the error is not.
func exerciseTransformerFailsOnce(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	transformer := &onceFailingTransformer{Transformer: storagetesting.NewPrefixTransformer([]byte("test!"), false)}
	p.store = p.newStore(t, func(c *storage.StoreConfig) {
		c.Transformer = transformer
		c.IsCorrupt = func(error) bool { return false }
	})
	first := p.mustCreate(t, "first")
	second := p.mustCreate(t, "second")
	wantErrorThen(t, p, transformer, first.ResourceVersion, watch.Added, second)

	// What was there before a deletion is read too.
	deleted := &example.Pod{}
	if err := p.store.Delete(t.Context(), podKey("first"), deleted, nil, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	wantErrorThen(t, p, transformer, second.ResourceVersion, watch.Deleted, deleted)
}

// wantErrorThen has the first of two watches fail, and wants the event from the other.
func wantErrorThen(t *testing.T, p *process, transformer *onceFailingTransformer, from string, kind watch.EventType, want *example.Pod) {
	t.Helper()
	transformer.fail.Store(true)
	w := p.watch(t, from)
	event := next(t, w)
	status, ok := event.Object.(*metav1.Status)
	if event.Type != watch.Error || !ok || status.Reason != metav1.StatusReasonInternalError {
		t.Fatalf("got event %s %#v, want an internal error", event.Type, event.Object)
	}
	if event, open := <-w.ResultChan(); open {
		t.Errorf("event %v came after the error", event)
	}
	w = p.watch(t, from)
	wantEvent(t, w, kind, want)
	// It must not be there to read what comes next.
	w.Stop()
	for range w.ResultChan() {
	}
}
