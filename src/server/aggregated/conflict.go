package aggregated

import (
	"context"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/component-base/metrics"
	"k8s.io/component-base/metrics/legacyregistry"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}

var conflictingDefinitions = metrics.NewGaugeVec(&metrics.GaugeOpts{
	Namespace:      "ark",
	Subsystem:      "apiserver",
	Name:           "conflicting_custom_resource_definition",
	Help:           "1 for each CustomResourceDefinition in the cluster of a group that this server serves. Nobody reaches its objects in versions that this server has.",
	StabilityLevel: metrics.ALPHA,
}, []string{"name"})

func init() {
	legacyregistry.MustRegister(conflictingDefinitions)
}

// addConflictWatch names the CustomResourceDefinitions of our group, for as long as there are any.
// kube-apiserver serves them in versions of their own; in those whose APIService names this server,
// their objects seem to have vanished.
func addConflictWatch(apiServer *genericapiserver.GenericAPIServer, client metadata.Interface) error {
	informer := metadatainformer.NewFilteredMetadataInformer(client, definitions, metav1.NamespaceAll, 0, cache.Indexers{}, nil).Informer()
	if err := informer.SetWatchErrorHandlerWithContext(logOnce(time.Hour)); err != nil {
		return err
	}
	_, err := informer.AddEventHandler(cache.FilteringResourceEventHandler{
		FilterFunc: func(object any) bool { return strings.HasSuffix(nameOf(object), "."+v1alpha1.GroupName) },
		Handler:    cache.ResourceEventHandlerFuncs{AddFunc: conflictAppears, DeleteFunc: conflictEnds},
	})
	if err != nil {
		return err
	}
	return apiServer.AddPostStartHook("ark-conflicting-custom-resource-definitions", func(hook genericapiserver.PostStartHookContext) error {
		go informer.RunWithContext(hook)
		return nil
	})
}

func conflictAppears(object any) {
	name := nameOf(object)
	conflictingDefinitions.WithLabelValues(name).Set(1)
	klog.InfoS("A CustomResourceDefinition of the group that this server serves exists in the cluster. Its objects are in etcd, not in this "+
		"server's database, and can't be reached in versions whose APIService names this server. Move them, then delete it",
		"customResourceDefinition", name, "group", v1alpha1.GroupName)
}

func conflictEnds(object any) {
	name := nameOf(object)
	conflictingDefinitions.DeleteLabelValues(name)
	klog.InfoS("A CustomResourceDefinition of the group that this server serves is gone", "customResourceDefinition", name)
}

func nameOf(object any) string {
	key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		return ""
	}
	return key
}

// logOnce reports that definitions can't be watched, which is no reason not to serve, once in a
// while.
func logOnce(pause time.Duration) cache.WatchErrorHandlerWithContext {
	var last time.Time
	return func(_ context.Context, _ *cache.Reflector, err error) {
		if now := time.Now(); now.Sub(last) > pause {
			last = now
			klog.InfoS("Can't watch CustomResourceDefinitions: one of the same group as this server's would go unnoticed", "err", err)
		}
	}
}
