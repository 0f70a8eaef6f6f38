package registry

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/component-base/metrics/legacyregistry"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
	"ark.ai/apiserver/src/storage/sqlite"
)

// TestFieldIndex: lists by way of an index are those that a look at all objects gives, at every
// revision, while objects change.
func TestFieldIndex(t *testing.T) {
	for name, collected := range map[string]int{"by what is rarest": 1000, "in the order wanted": 10} {
		t.Run(name, func(t *testing.T) { testFieldIndex(t, index.Options{Dir: t.TempDir(), MaxCollected: collected}) })
	}
}

func testFieldIndex(t *testing.T, options index.Options) {
	run, _ := newIndexRun(t, storage.Options{Index: storage.IndexOptions{Options: options, Slow: time.Nanosecond}})
	for i := range 200 {
		run.create(fmt.Sprintf("q%03d", i))
	}
	changing, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	writer.Go(func() {
		random := rand.New(rand.NewPCG(rand.Uint64(), 1)) //nolint:gosec // a test
		for changing.Err() == nil {
			run.change(random)
		}
	})
	defer func() {
		stop()
		writer.Wait()
	}()
	before := listsByIndex(t)
	run.listByIndex(run.compare)
	comparisons := 150
	if testing.Short() {
		comparisons = 20
	}
	for range comparisons {
		run.compare()
	}
	byIndex := listsByIndex(t) - before
	t.Logf("%v of %d lists were answered by way of the index", byIndex, run.lists)
	if byIndex < float64(run.lists)/4 {
		t.Error("hardly any list was answered by way of the index")
	}
}

// newIndexRun opens a database with two stores of each kind, of which one has indexes.
func newIndexRun(t *testing.T, options storage.Options) (*indexRun, *storage.Engine) {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "ark.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	scheme := testScheme(t)
	codec := serializer.NewCodecFactory(scheme).LegacyCodec(GroupVersions()...)
	indexed, err := NewStorage(scheme, engine.IndexedRESTOptionsGetter(restOptions{codec: codec}, func(r schema.GroupResource) storage.Describer {
		selectors, _ := Selectors(r)
		return selectors
	}))
	if err != nil {
		t.Fatal(err)
	}
	return &indexRun{
		T: t, random: rand.New(rand.NewPCG(rand.Uint64(), 0)), //nolint:gosec // a test
		plain: newStorage(t, engine, false)["v1alpha1"]["queries"], indexed: indexed["v1alpha1"]["queries"],
	}, engine
}

// TestFieldIndexOfQuietKind: the index of a kind stays in reach of the log, however much is written
// of others and compacted.
func TestFieldIndexOfQuietKind(t *testing.T) {
	run, engine := newIndexRun(t, storage.Options{
		Log:   changelog.Options{ProgressInterval: 10 * time.Millisecond},
		Index: storage.IndexOptions{Options: index.Options{Dir: t.TempDir()}, Slow: time.Nanosecond},
	})
	run.create("a")
	selected := metainternalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("text~", "fail")}
	list := func() { run.list(run.indexed, metav1.NamespaceAll, selected) }
	run.listByIndex(list)
	for i := range 5 {
		if err := engine.Submit(t.Context(), &changelog.Submission{Write: driver.Write{Key: fmt.Sprintf("/other/%d", i), Value: []byte("{}")}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := engine.Compact(t.Context(), engine.KnownRevision()); err != nil {
		t.Fatal(err)
	}
	run.listByIndex(list)
}

// indexRun compares lists of two stores of the same objects.
type indexRun struct {
	*testing.T
	random         *rand.Rand
	plain, indexed rest.Storage
	lists          int
}

// listByIndex lists until a list was answered by way of the index.
func (r *indexRun) listByIndex(list func()) {
	r.Helper()
	before, deadline := listsByIndex(r.T), time.Now().Add(time.Minute)
	for listsByIndex(r.T) == before {
		if time.Now().After(deadline) {
			r.Fatal("no list was answered by way of the index")
		}
		list()
	}
}

var indexNamespaces = []string{"default", "other", "third"}

func (r *indexRun) create(name string) {
	r.Helper()
	q := newQuery(name, "s")
	q.Labels = map[string]string{"team": []string{"red", "green", "blue"}[rand.IntN(3)]}
	q.Spec.Input.Raw = fmt.Sprintf(`"Why did %s fail?"`, []string{"the Connection", "größe", "a timeout", "東京"}[rand.IntN(4)])
	_, err := r.plain.(rest.Creater).Create(inNamespace(r.Context(), indexNamespaces[rand.IntN(3)]), q, rest.ValidateAllObjectFunc, &metav1.CreateOptions{})
	if err != nil {
		r.Fatal(err)
	}
}

func inNamespace(ctx context.Context, namespace string) context.Context {
	return genericapirequest.WithNamespace(ctx, namespace)
}

// change changes an object, or not if it is not there or meanwhile another.
func (r *indexRun) change(random *rand.Rand) {
	name, ctx := fmt.Sprintf("q%03d", random.IntN(200)), inNamespace(context.Background(), indexNamespaces[random.IntN(3)])
	found, err := r.plain.(rest.Getter).Get(ctx, name, &metav1.GetOptions{})
	if err != nil {
		return
	}
	q := found.(*v1alpha1.Query)
	switch random.IntN(6) {
	case 0:
		_, _, _ = r.plain.(rest.GracefulDeleter).Delete(ctx, name, rest.ValidateAllObjectFunc, &metav1.DeleteOptions{})
		fresh := newQuery(name, "t")
		_, _ = r.plain.(rest.Creater).Create(ctx, fresh, rest.ValidateAllObjectFunc, &metav1.CreateOptions{})
		return
	case 1:
		q.Labels = map[string]string{"team": "red", "n": fmt.Sprint(random.IntN(3))}
	case 2:
		q.Spec.SessionID = new(fmt.Sprintf("s%d", random.IntN(5)))
	default:
		q.Spec.Input.Raw = fmt.Sprintf(`"%s %d"`, []string{"the Connection", "größe"}[random.IntN(2)], random.IntN(30))
	}
	timeout := time.Duration(1+random.IntN(20)) * time.Minute
	q.Spec.Timeout = v1alpha1.Duration(timeout.String())
	_, _, _ = r.plain.(rest.Updater).Update(ctx, name, rest.DefaultUpdatedObjectInfo(q), rest.ValidateAllObjectFunc, rest.ValidateAllObjectUpdateFunc, false, &metav1.UpdateOptions{})
}

func (r *indexRun) selectors() (field, label string) {
	minutes := func() string { return fmt.Sprintf("%dm", 1+r.random.IntN(20)) }
	terms := []func() string{
		func() string { return "spec.timeout>=" + minutes() },
		func() string { return "spec.timeout<=" + minutes() },
		func() string { return "spec.timeout=" + minutes() },
		func() string { return "spec.timeout!=" + minutes() },
		func() string { return fmt.Sprintf("metadata.name^=q%d", r.random.IntN(3)) },
		func() string { return fmt.Sprintf("spec.sessionId=s%d", r.random.IntN(5)) },
		func() string { return "spec.input=" },
		func() string { return "text~=connection" },
		func() string { return "text~=GRÖẞE" },
		func() string { return fmt.Sprintf("text~=größe %d", r.random.IntN(30)) },
		func() string { return "metadata.namespace=other" },
		func() string { return `filter=object.spec.timeout \=\= "5m0s"` },
		func() string {
			return `filter=object.spec.sessionId in ["s1"\, "s2"] && object.spec.timeout !\= "5m0s"`
		},
		func() string {
			return `filter=has(object.spec.sessionId) && (object.spec.sessionId \=\= "s3" || "t" \=\= object.spec.sessionId)`
		},
		func() string { return `filter=duration(object.spec.timeout) > duration("` + minutes() + `")` },
		func() string { return `filter=object.metadata.name in ["q007"\, "q007"\, "q008"]` },
		func() string {
			return `filter=object.metadata.name.startsWith("q00") || object.metadata.name.startsWith("q007")`
		},
		func() string {
			return `filter=object.metadata.name.startsWith("q1") || object.spec.sessionId.startsWith("s")`
		},
	}
	var chosen []string
	for range 1 + r.random.IntN(3) {
		if term := terms[r.random.IntN(len(terms))](); term != "spec.input=" {
			chosen = append(chosen, term)
		}
	}
	if r.random.IntN(2) == 0 {
		chosen = append(chosen, "orderBy="+[]string{"", "-"}[r.random.IntN(2)]+[]string{"spec.timeout", "metadata.creationTimestamp", "spec.sessionId", "metadata.uid"}[r.random.IntN(4)])
		if r.random.IntN(2) == 0 {
			chosen = append(chosen, fmt.Sprintf("first=%d", 1+r.random.IntN(40)))
		}
	}
	return strings.Join(chosen, ","), []string{"", "", "", "team=red", "team in (red,blue)", "n", "!n", "team!=red"}[r.random.IntN(8)]
}

// compare lists at one revision by both stores, whole and in pages.
func (r *indexRun) compare() {
	r.Helper()
	fieldText, labelText := r.selectors()
	label, err := labels.Parse(labelText)
	if err != nil {
		r.Fatal(err)
	}
	field, err := fields.ParseSelector(fieldText)
	if err != nil {
		r.Fatal(err)
	}
	namespace := append(indexNamespaces, metav1.NamespaceAll)[r.random.IntN(4)]
	options := metainternalversion.ListOptions{FieldSelector: field, LabelSelector: label}
	names, revision := r.list(r.plain, namespace, options)
	options.ResourceVersion, options.ResourceVersionMatch = revision, metav1.ResourceVersionMatchExact
	for _, limit := range []int64{0, 1 + int64(r.random.IntN(30))} {
		options.Limit = limit
		if got, _ := r.list(r.indexed, namespace, options); strings.Join(got, " ") != strings.Join(names, " ") {
			r.Fatalf("%q %q in %q at %s, %d at a time, is by way of the index\n%v, want\n%v", fieldText, labelText, namespace, revision, limit, got, names)
		}
	}
}

// list lists in pages, and returns what it found in order, and the revision.
func (r *indexRun) list(s rest.Storage, namespace string, options metainternalversion.ListOptions) (found []string, revision string) {
	r.Helper()
	for {
		r.lists++
		list, err := s.(rest.Lister).List(inNamespace(r.Context(), namespace), &options)
		if err != nil {
			r.Fatalf("%v: %v", options, err)
		}
		_ = meta.EachListItem(list, func(obj runtime.Object) error {
			q := obj.(*v1alpha1.Query)
			found = append(found, q.Namespace+"/"+q.Name+"@"+q.ResourceVersion)
			return nil
		})
		metadata := list.(metav1.ListInterface)
		if revision == "" {
			revision = metadata.GetResourceVersion()
		}
		if options.Continue = metadata.GetContinue(); options.Continue == "" {
			return found, revision
		}
		options.ResourceVersion, options.ResourceVersionMatch = "", ""
	}
}

func listsByIndex(t *testing.T) (count float64) {
	t.Helper()
	families, err := legacyregistry.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "generic_storage_index_lists_total" {
			for _, metric := range family.GetMetric() {
				count += metric.GetCounter().GetValue()
			}
		}
	}
	return count
}
