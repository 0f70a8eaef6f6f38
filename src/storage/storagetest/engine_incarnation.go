package storagetest

import (
	"strconv"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// exerciseEngineThatLostCommits: clients of a database that went back are told to list again, and
// see nothing but what it has.
func exerciseEngineThatLostCommits(t *testing.T, h Harness) {
	for name, overtaken := range map[string]bool{"behind": false, "overtaken": true} {
		t.Run(name, func(t *testing.T) {
			p := startProcess(t, h.New(t)(t), storage.Options{Log: changelog.Options{PollInterval: 20 * time.Millisecond}})
			raw := p.store
			p.putBehindCache(t)
			kept := p.mustCreate(t, "kept")
			lost := p.mustCreate(t, "lost")
			var watches []watch.Interface
			for _, store := range []apistorage.Interface{raw, p.store} {
				p.store = store
				w := p.watch(t, kept.ResourceVersion)
				wantEvent(t, w, watch.Added, lost)
				watches = append(watches, w)
			}
			var writes []driver.Write
			if overtaken {
				for _, name := range []string{"new-1", "new-2"} {
					writes = append(writes, create(podKey(name), `{"apiVersion":"example.apiserver.k8s.io/v1","kind":"Pod","metadata":{"name":"`+name+`","namespace":"ns"}}`))
				}
			}
			h.Lose(t, p.backend.Backend, revisionOf(t, lost), writes)
			wantExpired(t, watches[0])
			if _, open := <-watches[1].ResultChan(); open { // Upstream's watch cache closes them when it is filled anew.
				t.Error("the watch through the watch cache goes on")
			}
			p.wantMetric(t, 1, "generic_storage_incarnations_total")
			eventually(t, "the watch cache is filled anew", func() bool { return p.store.ReadinessCheck() == nil })
			wantExpired(t, p.watch(t, lost.ResourceVersion))

			created := p.mustCreate(t, "after")
			if revisionOf(t, created) < revisionOf(t, lost)+1000 {
				t.Errorf("the first write after it got revision %s, which may have been used", created.ResourceVersion)
			}
			for name, store := range map[string]apistorage.Interface{"without a watch cache": raw, "with one": p.store} {
				for _, revision := range []string{"", lost.ResourceVersion} {
					list := &example.PodList{}
					if err := store.GetList(t.Context(), podPrefix, apistorage.ListOptions{ResourceVersion: revision, Recursive: true, Predicate: apistorage.Everything}, list); err != nil {
						t.Fatal(err)
					}
					if got, want := len(list.Items), 2+len(writes); got != want {
						t.Errorf("%s, not older than %q: %d objects, want %d", name, revision, got, want)
					}
				}
			}
			wantEvent(t, p.watch(t, created.ResourceVersion), watch.Added, p.mustCreate(t, "last"))
		})
	}
}

// exerciseWatchFromTheFuture: a client that comes from a database that had more is told to list
// again.
func exerciseWatchFromTheFuture(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	created := p.mustCreate(t, "a")
	future := strconv.FormatInt(revisionOf(t, created)+1, 10)
	wantExpired(t, p.watch(t, future))
	p.putBehindCache(t)
	wantExpired(t, p.watch(t, future))
}

func wantExpired(t *testing.T, w watch.Interface) {
	t.Helper()
	event := next(t, w)
	if status, ok := event.Object.(*metav1.Status); event.Type != watch.Error || !ok || status.Reason != metav1.StatusReasonExpired {
		t.Errorf("got event %s %#v, want 410 Expired", event.Type, event.Object)
	}
}
