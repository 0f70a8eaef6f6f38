package storagetest

import (
	"context"
	"crypto/aes"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/value"
	aestransformer "k8s.io/apiserver/pkg/storage/value/encrypt/aes"
	"k8s.io/apiserver/pkg/storage/value/encrypt/identity"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
)

// listedBackend counts the records that the database returns.
type listedBackend struct {
	driver.Backend
	records atomic.Int64
}

func (b *listedBackend) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	page, err := b.Backend.List(ctx, query)
	b.records.Add(int64(len(page.Records)))
	return page, err
}

// encrypting reads what is encrypted and what is not, and writes either.
func encrypting(t *testing.T, writes bool) value.Transformer {
	t.Helper()
	block, err := aes.NewCipher([]byte("a key of 32 bytes for this test!"))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := aestransformer.NewGCMTransformer(block)
	if err != nil {
		t.Fatal(err)
	}
	both := []value.PrefixTransformer{{Prefix: []byte("k8s:enc:"), Transformer: gcm}, {Transformer: identity.NewEncryptCheckTransformer()}}
	if !writes {
		slices.Reverse(both)
	}
	return value.NewPrefixTransformers(nil, both...)
}

// exerciseHiddenSelectors: selectors find objects whose labels and fields are hidden by a key, by
// another one, or not kept, beside those that are not encrypted. What the key has hidden, the
// database decides.
func exerciseHiddenSelectors(t *testing.T, h Harness) {
	open := h.New(t)
	keys := map[string][]byte{"no key": nil, "a key": []byte("one key for selectors"), "another key": []byte("another one")}
	pods := make(map[string]*example.Pod)
	for i, encrypt := range []bool{false, true} {
		for name, key := range keys {
			p := startProcess(t, open(t), storage.Options{SelectorKey: key})
			p.store = p.newStore(t, func(c *storage.StoreConfig) { c.Transformer = encrypting(t, encrypt) })
			for j, set := range []labels.Set{{"app": "a", "tier": "x"}, {"app": "b"}, {"app": ""}, nil} {
				made := pod(fmt.Sprintf("%s-%d-%d", name[:2], i, j))
				made.Labels = set
				made.Spec.NodeName = "node-" + set["app"]
				pods[made.Name] = made
				if err := p.store.Create(t.Context(), podKey(made.Name), made, &example.Pod{}, 0); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, key := range keys {
		t.Run(name, func(t *testing.T) {
			listed := &listedBackend{Backend: open(t)}
			p := startOn(t, &faultyBackend{Backend: listed}, listed, storage.Options{SelectorKey: key})
			p.store = p.newStore(t, func(c *storage.StoreConfig) { c.Transformer = encrypting(t, true) })
			for _, selector := range []string{
				"app=a", "app=b,tier!=x", "app in (a,b)", "app=", "app!=a", "app notin (a,b)", "app", "!app", "app=none", "tier=x,app=a", "nothing",
			} {
				parsed, err := labels.Parse(selector)
				if err != nil {
					t.Fatal(err)
				}
				p.wantSelected(t, pods, listed, len(key) > 0, apistorage.SelectionPredicate{Label: parsed, Field: fields.Everything(), GetAttrs: podAttributes})
			}
			for _, selector := range []string{"spec.nodeName=node-a", "spec.nodeName!=node-a", "spec.nodeName=", "metadata.name=a -1-0"} {
				parsed, err := fields.ParseSelector(selector)
				if err != nil {
					t.Fatal(err)
				}
				p.wantSelected(t, pods, listed, len(key) > 0, apistorage.SelectionPredicate{Label: labels.Everything(), Field: parsed, GetAttrs: podAttributes})
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// wantSelected compares a list with what the predicate says of pods. Of 24 pods, 12 are encrypted,
// 4 with each key.
func (p *process) wantSelected(t *testing.T, pods map[string]*example.Pod, listed *listedBackend, hidden bool, predicate apistorage.SelectionPredicate) {
	t.Helper()
	var want, got []string
	for name, pod := range pods {
		if matches, err := predicate.Matches(pod); err != nil {
			t.Fatal(err)
		} else if matches {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	list := &example.PodList{}
	before := listed.records.Load()
	if err := p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: predicate}, list); err != nil {
		t.Fatal(err)
	}
	for _, pod := range list.Items {
		got = append(got, pod.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, %v: got %q, want %q", predicate.Label, predicate.Field, got, want)
	}
	unknown := int64(12)
	if hidden {
		unknown = 8
	}
	if read := listed.records.Load() - before; read > int64(len(want))+unknown {
		t.Errorf("%v, %v: the database returned %d records for %d objects", predicate.Label, predicate.Field, read, len(want))
	}
}
