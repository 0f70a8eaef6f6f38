package emptykinds

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/util/flowcontrol"

	"k8s.io/kubernetes/pkg/printers"
	printersinternal "k8s.io/kubernetes/pkg/printers/internalversion"
	printerstorage "k8s.io/kubernetes/pkg/printers/storage"
)

// revision is that of all lists: nothing ever changes.
const revision = "1"

// readOnly reads a kind of which there are no objects.
type readOnly struct {
	kind
	rest.TableConvertor
}

var _ interface {
	rest.Storage
	rest.Scoper
	rest.Getter
	rest.Lister
	rest.Watcher
	rest.SingularNameProvider
	rest.ShortNamesProvider
	rest.CategoriesProvider
} = readOnly{}

func newREST(k kind) readOnly {
	return readOnly{k, printerstorage.TableConvertor{TableGenerator: printers.NewTableGenerator().With(printersinternal.AddHandlers)}}
}

func (r readOnly) New() runtime.Object     { return r.object.DeepCopyObject() }
func (r readOnly) NewList() runtime.Object { return r.list.DeepCopyObject() }
func (r readOnly) Destroy()                {}
func (r readOnly) NamespaceScoped() bool   { return !r.clusterWide }
func (r readOnly) GetSingularName() string { return r.singular }
func (r readOnly) ShortNames() []string    { return r.shortNames }

func (r readOnly) Categories() []string {
	if r.inAll {
		return []string{"all"}
	}
	return nil
}

func (r readOnly) Get(_ context.Context, name string, _ *metav1.GetOptions) (runtime.Object, error) {
	return nil, apierrors.NewNotFound(r.version.WithResource(r.resource).GroupResource(), name)
}

func (r readOnly) List(context.Context, *internalversion.ListOptions) (runtime.Object, error) {
	list := r.NewList()
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		return nil, err
	}
	accessor.SetResourceVersion(revision)
	return list, nil
}

// Watch tells that the initial events are over, to those who want to know, and nothing else.
func (r readOnly) Watch(ctx context.Context, options *internalversion.ListOptions) (watch.Interface, error) {
	flowcontrol.WatchInitialized(ctx)
	events := make(chan watch.Event, 1)
	if options != nil && options.SendInitialEvents != nil && *options.SendInitialEvents && options.AllowWatchBookmarks {
		bookmark := r.New()
		accessor, err := meta.Accessor(bookmark)
		if err != nil {
			return nil, err
		}
		accessor.SetResourceVersion(revision)
		accessor.SetAnnotations(map[string]string{metav1.InitialEventsAnnotationKey: "true"})
		events <- watch.Event{Type: watch.Bookmark, Object: bookmark}
	}
	return watch.NewProxyWatcher(events), nil
}
