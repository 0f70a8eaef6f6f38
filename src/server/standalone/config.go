package standalone

import (
	apiextensionsapiserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/kubernetes"
	aggregatorapiserver "k8s.io/kube-aggregator/pkg/apiserver"
	aggregatorscheme "k8s.io/kube-aggregator/pkg/apiserver/scheme"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
	controlplaneapiserver "k8s.io/kubernetes/pkg/controlplane/apiserver"
	generatedopenapi "k8s.io/kubernetes/pkg/generated/openapi"

	"ark.ai/apiserver/src/server/arkgroup"
	"ark.ai/apiserver/src/server/clientcertificate"
	"ark.ai/apiserver/src/server/customresources"
	"ark.ai/apiserver/src/server/fairness"
	"ark.ai/apiserver/src/server/health"
	"ark.ai/apiserver/src/server/openapi"
	"ark.ai/apiserver/src/server/services"
	"ark.ai/apiserver/src/server/version"
	"ark.ai/apiserver/src/storage"
)

// name of the server among those that a database may have, and in metrics.
const name = "ark-apiserver"

// Config has the configurations of the three servers that a standalone server is a chain of.
type Config struct {
	options CompletedOptions

	aggregator    *aggregatorapiserver.Config
	controlPlane  *controlplaneapiserver.Config
	apiExtensions *apiextensionsapiserver.Config
	ark           *arkgroup.Group
	engine        *storage.Engine
	arkStorage    generic.RESTOptionsGetter
	allocators    *services.Allocators
	loopback      *loopbackGate
	documents     *openapi.Documents
}

type completedConfig struct {
	options CompletedOptions

	aggregator    aggregatorapiserver.CompletedConfig
	controlPlane  controlplaneapiserver.CompletedConfig
	apiExtensions apiextensionsapiserver.CompletedConfig
	ark           *arkgroup.Group
	engine        *storage.Engine
	arkStorage    generic.RESTOptionsGetter
	allocators    *services.Allocators
	loopback      *loopbackGate
	documents     *openapi.Documents
}

// CompletedConfig can be made by Config.Complete only.
type CompletedConfig struct {
	*completedConfig
}

// NewConfig makes a configuration of options. Everything is stored with engine, which the caller
// has started and closes after the server has stopped.
func NewConfig(options CompletedOptions, engine *storage.Engine) (*Config, error) {
	opts := options.controlPlane
	ark, err := arkgroup.New()
	if err != nil {
		return nil, err
	}
	tokens := &tokenObjects{}
	opts.Authentication.ServiceAccounts.OptionalTokenGetter = tokens.useInformers

	shared, informers, storageFactory, err := controlplaneapiserver.BuildGenericConfig(
		opts,
		[]*runtime.Scheme{legacyscheme.Scheme, apiextensionsapiserver.Scheme, aggregatorscheme.Scheme, ark.OpenAPIScheme()},
		defaultResources(),
		ark.OpenAPIDefinitions(generatedopenapi.GetOpenAPIDefinitions),
		nil,
	)
	if err != nil {
		return nil, err
	}
	config := &Config{options: options, ark: ark, loopback: newLoopbackGate()}
	shared.LoopbackClientConfig.Wrap(config.loopback.wrap)
	if tokens.client, err = kubernetes.NewForConfig(shared.LoopbackClientConfig); err != nil {
		return nil, err
	}
	shared.EffectiveVersion = version.WithServed(shared.EffectiveVersion)
	shared.OpenAPIConfig.Info.Title = "Ark"
	shared.OpenAPIV3Config.Info.Title = "Ark"
	arkgroup.DescribeLikeCustomResources(shared)
	config.documents = openapi.Follow(shared)
	fairness.Configure(shared)
	clientcertificate.Remember(&shared.Authentication, opts.Authentication.ClientCert.CAContentProvider)
	shared.APIServerID = options.instance()
	shared.RESTOptionsGetter = engine.RESTOptionsGetter(shared.RESTOptionsGetter)
	shared.AggregatedDiscoveryGroupManager = customresources.MergeDiscovery(shared.AggregatedDiscoveryGroupManager)
	health.AddDatabaseChecks(shared, engine)

	resolver, err := services.NewResolver(informers)
	if err != nil {
		return nil, err
	}
	var initializers []admission.PluginInitializer
	config.controlPlane, initializers, err = controlplaneapiserver.CreateConfig(opts, shared, informers, nil, storageFactory, resolver, nil)
	if err != nil {
		return nil, err
	}

	webhookAuth := webhook.NewDefaultAuthenticationInfoResolverWrapper(config.controlPlane.ProxyTransport,
		shared.EgressSelector, shared.LoopbackClientConfig, shared.TracerProvider)
	// If there may be several servers, a new CustomResourceDefinition counts as established only
	// when all have had the time to see it.
	servers := 1
	if options.storage.Shared() {
		servers = 2
	}
	config.apiExtensions, err = controlplaneapiserver.CreateAPIExtensionsConfig(*shared, informers, initializers, opts, servers, resolver, webhookAuth)
	if err != nil {
		return nil, err
	}
	storeExtensionsWith(engine, config.apiExtensions)
	config.apiExtensions.GenericConfig.AdmissionControl = customresources.Protect(config.apiExtensions.GenericConfig.AdmissionControl)

	config.aggregator, err = controlplaneapiserver.CreateAggregatorConfig(*shared, opts, informers, resolver,
		config.controlPlane.ProxyTransport, config.controlPlane.PeerProxy, initializers)
	if err != nil {
		return nil, err
	}
	apiServices := &config.aggregator.GenericConfig.RESTOptionsGetter
	*apiServices = engine.RESTOptionsGetter(*apiServices)

	config.allocators, err = services.NewAllocators(tokens.client, informers, engine, storageFactory)
	if err != nil {
		return nil, err
	}
	config.engine = engine
	config.arkStorage = engine.IndexedRESTOptionsGetter(ark.RESTOptionsGetter(*opts.Etcd, shared), ark.Describe)
	storage.StopEtcdMetrics()
	return config, nil
}

func storeExtensionsWith(engine *storage.Engine, config *apiextensionsapiserver.Config) {
	definitions := &config.GenericConfig.RESTOptionsGetter
	*definitions = engine.RESTOptionsGetter(*definitions)
	customResources := &config.ExtraConfig.CRDRESTOptionsGetter
	*customResources = engine.RESTOptionsGetter(*customResources)
}

// Complete fills in what follows from the rest.
func (c *Config) Complete() CompletedConfig {
	return CompletedConfig{&completedConfig{
		options:       c.options,
		aggregator:    c.aggregator.Complete(),
		controlPlane:  c.controlPlane.Complete(),
		apiExtensions: c.apiExtensions.Complete(),
		ark:           c.ark,
		engine:        c.engine,
		arkStorage:    c.arkStorage,
		allocators:    c.allocators,
		loopback:      c.loopback,
		documents:     c.documents,
	}}
}
