package aggregated

import (
	"context"
	"fmt"
	"os"

	"k8s.io/apiserver/pkg/registry/generic"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/metadata"

	"ark.ai/apiserver/src/server/arkgroup"
	"ark.ai/apiserver/src/server/clientcertificate"
	"ark.ai/apiserver/src/server/fairness"
	"ark.ai/apiserver/src/server/goaway"
	"ark.ai/apiserver/src/server/health"
	"ark.ai/apiserver/src/server/openapi"
	"ark.ai/apiserver/src/server/version"
	"ark.ai/apiserver/src/storage"
)

// name of the server.
const name = "ark-apiserver"

// Config is what a server is made of.
type Config struct {
	generic     *genericapiserver.RecommendedConfig
	connections *goaway.Connections
	ark         *arkgroup.Group
	engine      *storage.Engine
	arkStorage  generic.RESTOptionsGetter
	metadata    metadata.Interface
	documents   *openapi.Documents
}

// NewConfig makes a configuration of options that are completed and valid. It asks the cluster how
// users are authenticated. Everything is stored with engine, which the caller has started and
// closes after the server has stopped.
func NewConfig(ctx context.Context, options *Options, engine *storage.Engine) (*Config, error) {
	ark, err := arkgroup.New()
	if err != nil {
		return nil, err
	}
	config := genericapiserver.NewRecommendedConfig(ark.Codecs())
	if err := options.Run.ApplyTo(&config.Config); err != nil {
		return nil, err
	}
	config.EffectiveVersion = version.WithServed(config.EffectiveVersion)
	if config.APIServerID, err = instance(); err != nil {
		return nil, err
	}

	ark.Document(&config.Config)
	config.OpenAPIConfig.Info.Title = "Ark"
	config.OpenAPIV3Config.Info.Title = "Ark"
	arkgroup.DescribeLikeCustomResources(&config.Config)
	documents := openapi.Follow(&config.Config)

	if err := options.Recommended.ApplyTo(config); err != nil {
		return nil, fmt.Errorf("asking the cluster at %s: %w", options.cluster(config), err)
	}
	if err := useServingCertificate(ctx, config, options.ServingCertificate); err != nil {
		return nil, err
	}
	config.Authorization.Authorizer = validSelectors{config.Authorization.Authorizer}
	fairness.Configure(&config.Config)
	clientcertificate.Remember(&config.Authentication, nil)
	if err := waitForClientCA(ctx, config, !options.Recommended.Authentication.SkipInClusterLookup); err != nil {
		return nil, err
	}
	health.AddDatabaseChecks(&config.Config, engine)
	arkStorage := engine.IndexedRESTOptionsGetter(ark.RESTOptionsGetter(*options.Recommended.Etcd, &config.Config), ark.Describe)
	config.RESTOptionsGetter = arkStorage
	storage.StopEtcdMetrics()

	client, err := metadata.NewForConfig(config.ClientConfig)
	if err != nil {
		return nil, err
	}
	connections := goaway.Follow(&config.Config)
	return &Config{
		generic: config, connections: connections, ark: ark, engine: engine, arkStorage: arkStorage, metadata: client, documents: documents,
	}, nil
}

// instance tells this server from others, and from kube-apiserver, in metrics and traces. In a pod
// it has the pod's name.
func instance() (string, error) {
	host, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("name of this machine: %w", err)
	}
	return name + "_" + host, nil
}

// cluster is the address of the cluster for messages, as far as it is known.
func (o *Options) cluster(config *genericapiserver.RecommendedConfig) string {
	if config.ClientConfig != nil {
		return config.ClientConfig.Host
	}
	if o.Kubeconfig != "" {
		return "the address in " + o.Kubeconfig
	}
	return "the address of the pod's service account"
}
