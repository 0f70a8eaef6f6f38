package standalone

import (
	"context"
	"errors"
	"fmt"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsclient "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	genericapifilters "k8s.io/apiserver/pkg/endpoints/filters"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/notfoundhandler"
	"k8s.io/client-go/kubernetes"
	"k8s.io/klog/v2"
	aggregatorapiserver "k8s.io/kube-aggregator/pkg/apiserver"

	controlplaneapiserver "k8s.io/kubernetes/pkg/controlplane/apiserver"
	rbacrest "k8s.io/kubernetes/pkg/registry/rbac/rest"

	"ark.ai/apiserver/src/server/customresources"
	"ark.ai/apiserver/src/server/indexes"
)

// Server is a standalone server that can be run once.
type Server struct {
	aggregator *aggregatorapiserver.APIAggregator
	background *background
	loopback   *loopbackGate
	// encodeDocuments is for when the server is ready.
	encodeDocuments func(context.Context) error
}

// New makes the chain of servers: aggregator, control plane with the Ark group, custom resources.
// Each hands on what it does not serve itself.
func (c CompletedConfig) New() (*Server, error) {
	notFound := notfoundhandler.New(c.controlPlane.Generic.Serializer, genericapifilters.NoMuxAndDiscoveryIncompleteKey)
	apiExtensions, err := c.apiExtensions.New(genericapiserver.NewEmptyDelegateWithCustomHandler(notFound))
	if err != nil {
		return nil, fmt.Errorf("making the server of custom resources: %w", err)
	}
	controlPlane, err := c.newControlPlane(apiExtensions.GenericAPIServer)
	if err != nil {
		return nil, fmt.Errorf("making the control plane: %w", err)
	}

	customresources.Serve(controlPlane, apiExtensions.GenericAPIServer)
	aggregator, err := c.newAggregator(controlPlane)
	if err != nil {
		return nil, fmt.Errorf("making the aggregator: %w", err)
	}

	background, err := newBackground(c.options, c.controlPlane.Generic.LoopbackClientConfig, c.allocators.NodePorts)
	if err != nil {
		return nil, err
	}
	if err := background.addTo(aggregator.GenericAPIServer); err != nil {
		return nil, err
	}
	return &Server{
		aggregator: aggregator, background: background, loopback: c.loopback,
		encodeDocuments: func(ctx context.Context) error {
			return c.documents.Encode(ctx, controlPlane, apiExtensions.GenericAPIServer, aggregator.GenericAPIServer)
		},
	}, nil
}

func (c CompletedConfig) newControlPlane(delegate genericapiserver.DelegationTarget) (*genericapiserver.GenericAPIServer, error) {
	controlPlane, err := c.controlPlane.New(name, delegate)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(c.controlPlane.Generic.LoopbackClientConfig)
	if err != nil {
		return nil, err
	}
	generic, err := c.controlPlane.GenericStorageProviders(client.Discovery())
	if err != nil {
		return nil, err
	}
	if err := controlPlane.InstallAPIs(c.providers(generic)...); err != nil {
		return nil, err
	}
	if err := c.ark.Install(controlPlane.GenericAPIServer, c.arkStorage); err != nil {
		return nil, err
	}
	indexes.Serve(controlPlane.GenericAPIServer, c.engine)
	if c.controlPlane.Generic.DisabledPostStartHooks.Has(rbacrest.PostStartHookName) {
		// RBAC is not in use.
		return controlPlane.GenericAPIServer, nil
	}
	return controlPlane.GenericAPIServer, addArkRoles(controlPlane.GenericAPIServer)
}

func (c CompletedConfig) newAggregator(delegate genericapiserver.DelegationTarget) (*aggregatorapiserver.APIAggregator, error) {
	client, err := apiextensionsclient.NewForConfig(c.aggregator.GenericConfig.LoopbackClientConfig)
	if err != nil {
		return nil, err
	}
	definitions := customresources.NewDefinitions(client)
	enabled := c.apiExtensions.GenericConfig.MergedResourceConfig.ResourceEnabled(
		apiextensionsv1.SchemeGroupVersion.WithResource("customresourcedefinitions"))
	aggregator, err := controlplaneapiserver.CreateAggregatorServer(c.aggregator, delegate,
		definitions.Apiextensions().V1().CustomResourceDefinitions(), enabled, priorities())
	if err != nil || !enabled {
		return aggregator, err
	}
	return aggregator, aggregator.GenericAPIServer.AddPostStartHook("ark-definitions", func(hook genericapiserver.PostStartHookContext) error {
		definitions.Start(hook.Done())
		return nil
	})
}

// stopTimeout is how long the end of a server waits for its own controllers to finish what they do.
const stopTimeout = 10 * time.Second

// startGrace is how long a server that is told to stop while it starts may go on to do so.
const startGrace = 5 * time.Second

// Run serves until ctx ends, then lets requests finish. It calls ready once, when the server
// answers everything.
func (s *Server) Run(ctx context.Context, ready func()) error {
	prepared, err := s.aggregator.PrepareRun()
	if err != nil {
		return err
	}
	started := make(chan struct{})
	s.background.onReady(func() {
		close(started)
		if ctx.Err() == nil {
			ready()
		}
		if err := s.encodeDocuments(ctx); err != nil {
			klog.ErrorS(err, "Can't encode OpenAPI documents ahead of requests for them")
		}
	})
	// Upstream's post-start hooks end the process if they are interrupted, so the start, which
	// takes a moment, comes to its end first.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() {
		select {
		case <-started:
		case <-time.After(startGrace):
		}
		s.background.stop()
		time.AfterFunc(s.aggregator.GenericAPIServer.ShutdownDelayDuration+stopTimeout, s.loopback.close)
		stop()
	})()
	return prepared.Run(serving)
}

// Run opens the database, and serves from it until ctx ends. It calls ready when the server answers
// everything.
func Run(ctx context.Context, options CompletedOptions, ready func()) (err error) {
	defer func() { err = errors.Join(err, options.Close()) }()
	engine, err := options.storage.Open(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if err := options.credentials.ensureKubeconfig(); err != nil {
		return err
	}
	config, err := NewConfig(options, engine)
	if err != nil {
		return err
	}
	server, err := config.Complete().New()
	if err != nil {
		return err
	}
	return server.Run(ctx, ready)
}
