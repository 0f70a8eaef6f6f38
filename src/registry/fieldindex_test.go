package registry

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
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
	t.Run("by what is rarest", func(t *testing.T) { testFieldIndex(t, 1000, false) })
	t.Run("in the order wanted, of objects in a watch cache", func(t *testing.T) { testFieldIndex(t, 10, true) })
}

func testFieldIndex(t *testing.T, collected int, cached bool) {
	backend := &watchedBackend{}
	run, _ := newIndexRunOn(t, func(b driver.Backend) driver.Backend {
		backend.Backend = b
		return backend
	}, cached, storage.Options{Index: storage.IndexOptions{Options: index.Options{Dir: t.TempDir(), MaxCollected: collected}, Slow: time.Nanosecond}})
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
	run.listByIndex(run.compare)
	before := listsByIndex(t)
	comparisons := 150
	if testing.Short() {
		comparisons = 20
	}
	for range comparisons {
		run.compare()
	}
	// Each comparison is at least two lists; few select nothing that the index helps with.
	if byIndex := listsByIndex(t) - before; byIndex < float64(comparisons)/2 {
		t.Errorf("%v lists of %d comparisons were answered by way of the index", byIndex, comparisons)
	}
	if !cached {
		return
	}
	// What changes while somebody looks at it is not in the watch cache any more, as it was.
	stop()
	writer.Wait()
	_, revision := run.list(run.plain, metav1.NamespaceAll, metainternalversion.ListOptions{})
	run.list(run.indexed, metav1.NamespaceAll, metainternalversion.ListOptions{ResourceVersion: revision}) // when the cache has it
	backend.looked.Store(0)
	backend.read.Store(0)
	for range 20 {
		run.compare()
	}
	if looked, read := backend.looked.Load(), backend.read.Load(); looked == 0 || read > 0 {
		t.Errorf("of %d objects that were looked at, %d were not taken from the watch cache", looked, read)
	}
}

// newIndexRun opens a database with two stores of each kind, of which one has indexes.
func newIndexRun(t *testing.T, options storage.Options) (*indexRun, *storage.Engine) {
	t.Helper()
	return newIndexRunOn(t, func(b driver.Backend) driver.Backend { return b }, false, options)
}

// newIndexRunOn has a watch cache before the store with indexes, if cached is true.
func newIndexRunOn(t *testing.T, wrap func(driver.Backend) driver.Backend, cached bool, options storage.Options) (*indexRun, *storage.Engine) {
	t.Helper()
	opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "ark.db")})
	if err != nil {
		t.Fatal(err)
	}
	backend := wrap(opened)
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
	indexed := newStorageWith(t, scheme, engine.IndexedRESTOptionsGetter(restOptions{codec, cached}, func(r schema.GroupResource) storage.Describer {
		selectors, _ := Selectors(r)
		return selectors
	}))
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

// busyBackend calls between after each page that was not read for a request, but in the background.
type busyBackend struct {
	driver.Backend
	between func()
}

func (b *busyBackend) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	page, err := b.Backend.List(ctx, query)
	if _, request := genericapirequest.NamespaceFrom(ctx); !request && b.between != nil {
		b.between()
	}
	return page, err
}

// TestFieldIndexWhileCompacted: an index gets ready although objects come, change and go and
// nothing older than the page that is being read is kept, and is right then.
func TestFieldIndexWhileCompacted(t *testing.T) {
	var backend *busyBackend
	run, engine := newIndexRunOn(t, func(b driver.Backend) driver.Backend {
		backend = &busyBackend{Backend: b}
		return backend
	}, false, storage.Options{Index: storage.IndexOptions{Options: index.Options{Dir: t.TempDir()}, Slow: time.Nanosecond}})
	const changing = 200
	constant, changes := 1500, 200
	if testing.Short() {
		constant, changes = 400, 50
	}
	for i := range changing {
		run.create(fmt.Sprintf("q%03d", i))
	}
	for i := range constant {
		run.create(fmt.Sprintf("r%04d", i))
	}
	random := rand.New(rand.NewPCG(rand.Uint64(), 2)) //nolint:gosec // a test
	var pages atomic.Int64
	backend.between = func() {
		pages.Add(1)
		known := engine.KnownRevision()
		for range changes {
			run.change(random)
		}
		if err := engine.Compact(t.Context(), known); err != nil {
			t.Error(err)
		}
	}
	run.list(run.indexed, "none", metainternalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("text~", "fail")})
	reachIndexRevision(t, 1)
	if pages, want := pages.Load(), int64((changing+constant)/500+1); pages != want {
		t.Errorf("the index was made from %d pages, want %d", pages, want)
	}
	before := listsByIndex(t)
	for range 50 {
		run.compare()
	}
	if listsByIndex(t) == before {
		t.Error("no list was answered by way of the index")
	}
}

func reachIndexRevision(t *testing.T, revision int64) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); metricOf(t, "generic_storage_index_revision") < float64(revision); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the index does not get to revision %d", revision)
		}
	}
}

// watchedBackend tells what is asked of it.
type watchedBackend struct {
	driver.Backend
	looked atomic.Int64 // keys
	read   atomic.Int64 // values
}

// thenKey is under what a context has a function that is called when the current revision was read.
type thenKey struct{}

func (b *watchedBackend) GetAll(ctx context.Context, query driver.KeysQuery) ([]driver.Record, error) {
	if !query.Bare {
		b.read.Add(int64(len(query.Keys)))
	}
	b.looked.Add(int64(len(query.Keys)))
	return b.Backend.GetAll(ctx, query)
}

func (b *watchedBackend) CurrentRevision(ctx context.Context) (int64, error) {
	revision, err := b.Backend.CurrentRevision(ctx)
	if then, ok := ctx.Value(thenKey{}).(func()); ok {
		then()
	}
	return revision, err
}

// TestFieldIndexOfTies: a page of an order looks at few objects, however many have the same value,
// or none.
func TestFieldIndexOfTies(t *testing.T) {
	var backend *watchedBackend
	run, _ := newIndexRunOn(t, func(b driver.Backend) driver.Backend {
		backend = &watchedBackend{Backend: b}
		return backend
	}, false, storage.Options{Index: storage.IndexOptions{Options: index.Options{Dir: t.TempDir(), MaxCollected: 100}, Slow: time.Nanosecond}})
	const queries, limit = 1200, 20
	for i := range queries {
		run.create(fmt.Sprintf("q%04d", i))
	}
	for _, order := range []string{"spec.timeout", "-spec.timeout", "spec.sessionId", "status.duration", "-status.duration"} {
		t.Run(order, func(t *testing.T) {
			options := metainternalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("orderBy", order)}
			want, _ := run.list(run.plain, metav1.NamespaceAll, options)
			run.listByIndex(func() {
				run.list(run.indexed, metav1.NamespaceAll, metainternalversion.ListOptions{FieldSelector: options.FieldSelector, Limit: queries})
			})
			options.Limit = limit
			backend.looked.Store(0)
			got, _ := run.list(run.indexed, metav1.NamespaceAll, options)
			if !slices.Equal(got, want) {
				t.Errorf("pages have\n%v, want\n%v", got, want)
			}
			if looked, most := backend.looked.Load(), int64(2*queries); looked > most {
				t.Errorf("%d pages of %d looked at %d objects, want at most %d", queries/limit, limit, looked, most)
			}
		})
	}
}

// TestFieldIndexOfHealing: an object that can't be decoded is not left out at the revision at which
// that was so, even if the index hears meanwhile that it has healed.
func TestFieldIndexOfHealing(t *testing.T) {
	run, engine := newIndexRunOn(t, func(b driver.Backend) driver.Backend { return &watchedBackend{Backend: b} }, false, storage.Options{Index: storage.IndexOptions{Options: index.Options{Dir: t.TempDir()}, Slow: time.Nanosecond}})
	run.create("whole")
	selected := metainternalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("text~", "fail")}
	list := func() { run.list(run.indexed, metav1.NamespaceAll, selected) }
	run.listByIndex(list)
	submit := func(expected int64, value string) int64 {
		t.Helper()
		s := &changelog.Submission{Write: driver.Write{Key: "/registry/ark.ai/queries/default/broken", Expected: expected, Value: []byte(value)}}
		if err := engine.Submit(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		return engine.KnownRevision()
	}
	broken := submit(0, `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"broken","namespace":"default"},"spec":5,"status":{"response":{"content":"fail"}}}`)
	reachIndexRevision(t, broken)
	if _, err := run.plain.(rest.Lister).List(inNamespace(t.Context(), metav1.NamespaceAll), &selected); err == nil {
		t.Fatal("the object can be decoded")
	}
	heal := sync.OnceFunc(func() {
		reachIndexRevision(t, submit(broken, `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"broken","namespace":"default"},"spec":{"input":"nothing"}}`))
	})
	before := listsByIndex(t)
	found, err := run.indexed.(rest.Lister).List(inNamespace(context.WithValue(t.Context(), thenKey{}, heal), metav1.NamespaceAll), &selected)
	if err == nil && found.(metav1.ListInterface).GetResourceVersion() == fmt.Sprint(broken) {
		t.Errorf("at revision %d, at which an object can't be decoded, there are %d others and no error", broken, meta.LenList(found))
	}
	if listsByIndex(t) == before {
		t.Error("the list was not made by way of the index")
	}
	run.listByIndex(list)
}

// TestFieldIndexThatIsWrong: an index that does not find what there is is given up, whatever of it
// is wrong, and made anew.
func TestFieldIndexThatIsWrong(t *testing.T) {
	for name, statement := range map[string]string{
		"a document is missing": `DELETE FROM documents`,
		"values are missing":    `DELETE FROM terms`,
		"values are others":     `UPDATE documents SET terms = x''`,
		"words are missing":     `DELETE FROM words`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			run, _ := newIndexRun(t, storage.Options{Index: storage.IndexOptions{
				Options: index.Options{Dir: dir}, Slow: time.Nanosecond, CheckEvery: 50 * time.Millisecond,
			}})
			for i := range 20 {
				run.create(fmt.Sprintf("q%03d", i))
			}
			selected := metainternalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("text~", "fail")}
			run.listByIndex(func() { run.list(run.indexed, metav1.NamespaceAll, selected) })
			checks := func(outcome string) float64 { return metricOf(t, "generic_storage_index_checks_total", outcome) }
			await := func(outcome string) {
				t.Helper()
				before := checks(outcome)
				for deadline := time.Now().Add(time.Minute); checks(outcome) == before; time.Sleep(time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatalf("no check is %s", outcome)
					}
				}
			}
			wrong := checks("wrong")
			await("ok")
			if checks("wrong") != wrong {
				t.Error("an index that is right was found wrong")
			}
			files, err := filepath.Glob(filepath.Join(dir, "*", "index.db"))
			if err != nil || len(files) != 1 {
				t.Fatal(files, err)
			}
			db, err := sql.Open("sqlite", "file:"+files[0]+"?_pragma=busy_timeout(10000)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
			await("wrong")
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
				left, err := os.ReadDir(dir)
				if err != nil {
					t.Fatal(err)
				}
				if len(left) == 0 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("the index is not given up")
				}
			}
		})
	}
}

// TestFieldIndexOnDemand: an index is made, made anew and dropped as is asked for, and a list that
// takes long has it made again at once.
func TestFieldIndexOnDemand(t *testing.T) {
	dir := t.TempDir()
	run, engine := newIndexRun(t, storage.Options{Index: storage.IndexOptions{Options: index.Options{Dir: dir}, Slow: time.Nanosecond}})
	run.create("a")
	queries := schema.GroupResource{Group: "ark.ai", Resource: "queries"}
	await := func(state string, not []string) (files []string) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			all := engine.Indexes()
			at := slices.IndexFunc(all, func(i storage.IndexStatus) bool { return i.Resource == queries.String() })
			files, err := filepath.Glob(filepath.Join(dir, "*", "index.db"))
			if err != nil {
				t.Fatal(err)
			}
			if all[at].State == state && (len(not) == 0 || !slices.Equal(files, not)) {
				return files
			}
			if time.Now().After(deadline) {
				t.Fatalf("there is %+v in %v, want it %s", all[at], files, state)
			}
		}
	}
	await("none", nil)
	if !engine.RebuildIndex(queries) {
		t.Fatal("queries have no index")
	}
	first := await("ready", nil)
	engine.RebuildIndex(queries)
	await("ready", first)
	engine.DropIndex(queries)
	if left := await("none", nil); len(left) > 0 {
		t.Errorf("dropping leaves %v", left)
	}
	selected := metainternalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("text~", "fail")}
	run.listByIndex(func() { run.list(run.indexed, metav1.NamespaceAll, selected) })
	if engine.DropIndex(schema.GroupResource{Resource: "pods"}) {
		t.Error("pods have an index")
	}
}

// indexRun compares lists of two stores of the same objects.
type indexRun struct {
	*testing.T
	random         *rand.Rand
	plain, indexed rest.Storage
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

func listsByIndex(t *testing.T) float64 { return metricOf(t, "generic_storage_index_lists_total") }

// metricOf is the sum of a metric, or of those with a value of a label.
func metricOf(t *testing.T, name string, labels ...string) (sum float64) {
	t.Helper()
	families, err := legacyregistry.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			has := func(value string) bool {
				return slices.ContainsFunc(metric.GetLabel(), func(l *dto.LabelPair) bool { return l.GetValue() == value })
			}
			if !slices.ContainsFunc(labels, func(value string) bool { return !has(value) }) {
				sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
			}
		}
	}
	return sum
}
