package storagetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
)

// valueReads counts the values that are read for lists.
type valueReads struct {
	driver.Backend
	values atomic.Int64
}

func (r *valueReads) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	page, err := r.Backend.List(ctx, query)
	if !query.Bare {
		r.values.Add(int64(len(page.Records)))
	}
	return page, err
}

func (r *valueReads) GetAll(ctx context.Context, query driver.KeysQuery) ([]driver.Record, error) {
	records, err := r.Backend.GetAll(ctx, query)
	if !query.Bare {
		r.values.Add(int64(len(records)))
	}
	return records, err
}

// labelSelector selects pods by what process.label sets, as if only the object told.
type labelSelector struct {
	*costlySelector
	value string
}

func (s *labelSelector) MatchesObject(obj kruntime.Object) (bool, error) {
	return obj.(*example.Pod).Labels["value"] == s.value, nil
}

// noDescription has pods indexed by nothing.
type noDescription struct{}

func (noDescription) EachValue(kruntime.Object, func(path, value string)) {}
func (noDescription) Words(kruntime.Object) []string                      { return nil }

// exerciseCachedObjects: lists that look at objects read no values that the watch cache has, and
// are exact all the same, at the current and at earlier revisions.
func exerciseCachedObjects(t *testing.T, h Harness) {
	reads := &valueReads{Backend: h.New(t)(t)}
	p := startProcess(t, reads, quiet)
	values := make(map[string]string) // of the pods that there are
	random := rand.New(rand.NewPCG(1, 2))
	write := func() {
		t.Helper()
		name := fmt.Sprintf("pod-%02d", random.IntN(60))
		_, exists := values[name]
		if exists && random.IntN(3) == 0 {
			if err := p.store.Delete(t.Context(), podKey(name), &example.Pod{}, nil, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{}); err != nil {
				t.Fatal(err)
			}
			delete(values, name)
			return
		}
		if !exists {
			p.mustCreate(t, name)
		}
		values[name] = strconv.Itoa(random.IntN(4))
		if _, err := p.label(t.Context(), name, values[name]); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		write()
	}
	p.putBehind(t, p.IndexedRESTOptionsGetter(cachedPods{}, func(schema.GroupResource) storage.Describer { return noDescription{} }))
	compare := func(revision string, values map[string]string) {
		t.Helper()
		value := strconv.Itoa(random.IntN(4))
		var want, got []string
		for name, v := range values {
			if v == value {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		selector := &labelSelector{newCostlySelector("value="+value, "", 0, nil, nil), value}
		options := selector.options(0)
		options.Predicate.Field = selector
		if revision != "" {
			options.ResourceVersion, options.ResourceVersionMatch = revision, metav1.ResourceVersionMatchExact
		}
		list := &example.PodList{}
		if err := p.store.GetList(t.Context(), podPrefix, options, list); err != nil {
			t.Fatal(err)
		}
		for _, item := range list.Items {
			got = append(got, item.Name)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("with %s at %q there are %v, want %v", value, revision, got, want)
		}
	}
	wantNoReads := func() {
		t.Helper()
		eventually(t, "no value is read", func() bool {
			before := reads.values.Load()
			compare("", values)
			return reads.values.Load() == before
		})
	}
	wantNoReads()
	earlier := make(map[string]map[string]string)
	for range 200 {
		write()
		revision, err := p.store.GetCurrentResourceVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		earlier[strconv.FormatUint(revision, 10)] = maps.Clone(values)
		compare("", values)
		for revision, values := range earlier { // one of them
			compare(revision, values)
			break
		}
	}
	wantNoReads()
}
