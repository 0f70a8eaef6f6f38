package controllers

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/controller-manager/pkg/informerfactory"
)

const (
	// resyncPeriod is after how long controllers look at everything again.
	resyncPeriod = 12 * time.Hour
	// discoveryPeriod is how often controllers look for resources that came or went with a
	// CustomResourceDefinition.
	discoveryPeriod = 10 * time.Second
)

// term is one time of being the leader. Nothing of it is used again in the next: upstream's
// controllers can't be started twice, and leave their handlers with the informers.
type term struct {
	config           Config
	informers        informers.SharedInformerFactory
	metadata         metadatainformer.SharedInformerFactory
	informersStarted chan struct{}
	restMapper       meta.ResettableRESTMapper
}

func newTerm(ctx context.Context, config Config) (*term, error) {
	t := &term{config: config, informersStarted: make(chan struct{})}
	client, err := t.client("informers")
	if err != nil {
		return nil, err
	}
	metadataClient, err := t.metadataClient("metadata-informers")
	if err != nil {
		return nil, err
	}
	t.informers = informers.NewSharedInformerFactoryWithOptions(client, resyncPeriod, informers.WithTransform(trimManagedFields))
	t.metadata = newMetadataInformers(metadataClient)

	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
	t.restMapper = mapper
	// Ends with the term: it waits for the next period.
	go wait.Until(mapper.Reset, discoveryPeriod, ctx.Done())
	return t, nil
}

// clientConfig is the connection for a controller, which shows in logs and audit by name.
func (t *term) clientConfig(name string) *rest.Config {
	return rest.AddUserAgent(rest.CopyConfig(t.config.Client), name)
}

func (t *term) client(name string) (kubernetes.Interface, error) {
	return kubernetes.NewForConfig(t.clientConfig(name))
}

func (t *term) metadataClient(name string) (metadata.Interface, error) {
	return metadata.NewForConfig(t.clientConfig(name))
}

// anyInformers are for controllers that follow every resource there is, and need not more than
// metadata.
func (t *term) anyInformers() informerfactory.InformerFactory {
	return informerfactory.NewInformerFactory(t.informers, t.metadata)
}

func (t *term) startInformers(ctx context.Context) {
	t.informers.Start(ctx.Done())
	t.metadata.Start(ctx.Done())
	close(t.informersStarted)
}

// shutdownInformers waits until the informers of a term whose context has ended are gone.
func (t *term) shutdownInformers() {
	t.informers.Shutdown()
	t.metadata.Shutdown()
}

// trimManagedFields saves memory: no controller reads them.
func trimManagedFields(object any) (any, error) {
	if accessor, err := meta.Accessor(object); err == nil {
		accessor.SetManagedFields(nil)
	}
	return object, nil
}
