package registry

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/wait"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage/storagebackend"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/sqlite"
)

// restOptions are the options of resources in a database. A cached resource has a watch cache.
type restOptions struct {
	codec  runtime.Codec
	cached bool
}

func (o restOptions) GetRESTOptions(resource schema.GroupResource, _ runtime.Object) (generic.RESTOptions, error) {
	options := generic.RESTOptions{
		StorageConfig: storagebackend.NewDefaultConfig("/registry", o.codec).ForResource(resource),
		Decorator:     generic.UndecoratedStorage,
		// As every server has it: deletion waits for finalizers.
		EnableGarbageCollection: true,
		ResourcePrefix:          resource.Group + "/" + resource.Resource,
	}
	if o.cached {
		options.Decorator = genericregistry.StorageWithCacher()
	}
	return options, nil
}

// openEngine opens a new database until the test ends.
func openEngine(t *testing.T) *storage.Engine {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "ark.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// newStorage makes the storage of all kinds, by version and path, until the test ends.
func newStorage(t *testing.T, engine *storage.Engine, cached bool) map[string]map[string]rest.Storage {
	t.Helper()
	scheme := testScheme(t)
	codec := serializer.NewCodecFactory(scheme).LegacyCodec(GroupVersions()...)
	return newStorageWith(t, scheme, engine.RESTOptionsGetter(restOptions{codec, cached}))
}

func newStorageWith(t *testing.T, scheme *runtime.Scheme, options generic.RESTOptionsGetter) map[string]map[string]rest.Storage {
	t.Helper()
	versions, err := ark.newStorage(scheme, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, served := range versions {
			for _, s := range served {
				s.Destroy()
			}
		}
	})
	return versions
}

// forEachStorage runs a test on the storage of all kinds, by version and path, in a database, with
// and without a watch cache.
func forEachStorage(t *testing.T, test func(t *testing.T, ctx context.Context, served map[string]rest.Storage)) {
	for name, cached := range map[string]bool{"stored": false, "cached": true} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			t.Cleanup(cancel)
			versions := newStorage(t, openEngine(t), cached)
			served := map[string]rest.Storage{}
			for _, v := range GroupVersions() {
				for path, s := range versions[v.Version] {
					if main, ok := s.(*mainREST); ok {
						waitUntilReady(t, main)
					}
					served[v.Version+"/"+path] = s
				}
			}
			test(t, genericapirequest.WithNamespace(ctx, "default"), served)
		})
	}
}

// waitUntilReady waits for the watch cache, which answers no lists before it is filled.
func waitUntilReady(t *testing.T, s *mainREST) {
	t.Helper()
	var unready error
	if err := wait.PollUntilContextTimeout(t.Context(), time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		unready = s.ReadinessCheck()
		return unready == nil, nil
	}); err != nil {
		t.Fatal(unready)
	}
}

func newQuery(name, session string) *v1alpha1.Query {
	return &v1alpha1.Query{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.QuerySpec{
			Input:     &v1alpha1.JSON{Raw: `{"b":1,"a":2}`},
			Target:    &v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: "a"},
			SessionID: &session,
			Type:      v1alpha1.QueryTypeUser, TTL: "720h", Timeout: "5m",
		},
	}
}

func create(t *testing.T, ctx context.Context, s rest.Storage, obj runtime.Object) runtime.Object {
	t.Helper()
	created, err := s.(rest.Creater).Create(ctx, obj, rest.ValidateAllObjectFunc, &metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return created
}

// update replaces an object through a main resource or a status subresource.
func update[T interface {
	runtime.Object
	metav1.Object
}](t *testing.T, ctx context.Context, s rest.Storage, obj T) T {
	t.Helper()
	updated, _, err := s.(rest.Updater).Update(ctx, obj.GetName(), rest.DefaultUpdatedObjectInfo(obj.DeepCopyObject()),
		rest.ValidateAllObjectFunc, rest.ValidateAllObjectUpdateFunc, false, &metav1.UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return updated.(T)
}

// The life of a query: only what changes something gets a new version.
func TestQueryLife(t *testing.T) {
	forEachStorage(t, func(t *testing.T, ctx context.Context, served map[string]rest.Storage) {
		main, status := served["v1alpha1/queries"], served["v1alpha1/queries/status"]
		query := create(t, ctx, main, newQuery("q", "s")).(*v1alpha1.Query)
		expectVersion := func(what string, got *v1alpha1.Query, changed bool, generation int64) {
			t.Helper()
			if (got.ResourceVersion != query.ResourceVersion) != changed || got.Generation != generation {
				t.Errorf("%s: version %s became %s, generation is %d", what, query.ResourceVersion, got.ResourceVersion, got.Generation)
			}
			query = got
		}
		expectVersion("same again", update(t, ctx, main, query), false, 1)
		expectVersion("same status again", update(t, ctx, status, query), true, 1) // phase pending appears
		if query.Status.Phase != v1alpha1.QueryPending {
			t.Errorf("phase is %q", query.Status.Phase)
		}
		expectVersion("same status again", update(t, ctx, status, query), false, 1)

		changed := query.DeepCopy()
		changed.Status.Phase = v1alpha1.QueryDone
		expectVersion("status through the main resource", update(t, ctx, main, changed), false, 1)
		expectVersion("status", update(t, ctx, status, changed), true, 1)

		changed = query.DeepCopy()
		changed.Spec.SessionID = new("t")
		expectVersion("spec through the status", update(t, ctx, status, changed), false, 1)
		expectVersion("spec", update(t, ctx, main, changed), true, 2)

		changed = query.DeepCopy()
		changed.Finalizers = []string{"ark.ai/finalizer"}
		expectVersion("finalizer", update(t, ctx, main, changed), true, 2)

		deleted, immediately, err := main.(rest.GracefulDeleter).Delete(ctx, "q", rest.ValidateAllObjectFunc, &metav1.DeleteOptions{})
		if err != nil || immediately {
			t.Fatalf("deletion did not wait for the finalizer: %v", err)
		}
		expectVersion("deletion", deleted.(*v1alpha1.Query), true, 3)
		changed = query.DeepCopy()
		changed.Finalizers = nil
		update(t, ctx, main, changed)
		if _, err := main.(rest.Getter).Get(ctx, "q", &metav1.GetOptions{}); err == nil {
			t.Error("the query outlived its finalizer")
		}
	})
}

func TestListBySelector(t *testing.T) {
	forEachStorage(t, func(t *testing.T, ctx context.Context, served map[string]rest.Storage) {
		main := served["v1alpha1/queries"]
		for name, session := range map[string]string{"a": "one", "b": "two", "c": "one"} {
			create(t, ctx, main, newQuery(name, session))
		}
		for selector, want := range map[string][]string{
			"":                                      {"a", "b", "c"},
			"spec.sessionId=one":                    {"a", "c"},
			"spec.sessionId!=one":                   {"b"},
			"spec.sessionId=one,metadata.name!=a":   {"c"},
			"status.phase=done":                     nil,
			"spec.target.name=a,spec.sessionId=two": {"b"},
		} {
			list, err := main.(rest.Lister).List(ctx, &metainternalversion.ListOptions{FieldSelector: fields.ParseSelectorOrDie(selector)})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, query := range list.(*v1alpha1.QueryList).Items {
				got = append(got, query.Name)
				if query.Kind != "Query" || query.APIVersion != "ark.ai/v1alpha1" {
					t.Errorf("an item is a %s of %s", query.Kind, query.APIVersion)
				}
				if input := query.Spec.Input.Raw; input != `{"b":1,"a":2}` {
					t.Errorf("input is %s", input)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%q selects %v, want %v", selector, got, want)
			}
		}
	})
}

// TestListPagesOfNamespace: a list of all namespaces whose selector names one has all of it, in
// whatever pages. Upstream's store lists only the first page from that namespace.
func TestListPagesOfNamespace(t *testing.T) {
	forEachStorage(t, func(t *testing.T, ctx context.Context, served map[string]rest.Storage) {
		main := served["v1alpha1/queries"]
		for _, name := range []string{"a", "b", "c"} {
			create(t, ctx, main, newQuery(name, "s"))
			create(t, genericapirequest.WithNamespace(ctx, "another"), main, newQuery(name, "s"))
		}
		options := &metainternalversion.ListOptions{Limit: 1, FieldSelector: fields.OneTermEqualSelector("metadata.namespace", "default")}
		var got []string
		for more := true; more; more = options.Continue != "" {
			list, err := main.(rest.Lister).List(genericapirequest.WithNamespace(ctx, metav1.NamespaceAll), options)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range list.(*v1alpha1.QueryList).Items {
				got = append(got, q.Namespace+"/"+q.Name)
			}
			options.Continue = list.(metav1.ListInterface).GetContinue()
		}
		if want := []string{"default/a", "default/b", "default/c"}; !slices.Equal(got, want) {
			t.Errorf("the pages have %v, want %v", got, want)
		}
	})
}

// Watchers by session, which the watch cache finds by its trigger, see what enters and leaves the
// session.
func TestWatchBySession(t *testing.T) {
	forEachStorage(t, func(t *testing.T, ctx context.Context, served map[string]rest.Storage) {
		main := served["v1alpha1/queries"]
		watcher, err := main.(rest.Watcher).Watch(ctx, &metainternalversion.ListOptions{FieldSelector: fields.ParseSelectorOrDie("spec.sessionId=s")})
		if err != nil {
			t.Fatal(err)
		}
		defer watcher.Stop()
		query := create(t, ctx, main, newQuery("q", "s")).(*v1alpha1.Query)
		create(t, ctx, main, newQuery("other", "t"))
		query.Spec.SessionID = new("t")
		update(t, ctx, main, query)
		for _, want := range []string{"ADDED q", "DELETED q"} {
			select {
			case event := <-watcher.ResultChan():
				accessor, err := meta.Accessor(event.Object)
				if err != nil {
					t.Fatal(err)
				}
				if got := string(event.Type) + " " + accessor.GetName(); got != want {
					t.Errorf("event %s, want %s", got, want)
				}
			case <-time.After(time.Minute):
				t.Fatalf("no event, want %s", want)
			}
		}
	})
}

func TestStorageOfEveryKind(t *testing.T) {
	forEachStorage(t, func(t *testing.T, _ context.Context, served map[string]rest.Storage) {
		for _, r := range resources {
			for _, v := range r.versions {
				main := served[v.Version+"/"+r.plural].(*mainREST)
				if main.GetSingularName() != r.singular || slices.Contains(main.Categories(), "ark") == r.clusterScoped || main.NamespaceScoped() == r.clusterScoped {
					t.Errorf("%s: %s %v", r.kind, main.GetSingularName(), main.Categories())
				}
				if served[v.Version+"/"+r.plural+"/status"] == nil {
					t.Errorf("%s has no status subresource", r.kind)
				}
			}
		}
	})
}
