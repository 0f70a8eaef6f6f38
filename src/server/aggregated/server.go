package aggregated

import (
	"context"
	"errors"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/server/indexes"
	"ark.ai/apiserver/src/server/version"
)

// New makes the server.
func (c *Config) New() (*genericapiserver.GenericAPIServer, error) {
	apiServer, err := c.generic.Complete().New(name, genericapiserver.NewEmptyDelegate())
	if err != nil {
		return nil, err
	}
	if err := c.ark.Install(apiServer, c.arkStorage); err != nil {
		return nil, err
	}
	indexes.Serve(apiServer, c.engine)
	if err := c.connections.AnnounceShutdown(apiServer); err != nil {
		return nil, err
	}
	if err := apiServer.AddPostStartHook("ark-openapi", func(hook genericapiserver.PostStartHookContext) error {
		go func() {
			if err := c.documents.Encode(hook, apiServer); err != nil {
				klog.ErrorS(err, "Can't encode OpenAPI documents ahead of requests for them")
			}
		}()
		return nil
	}); err != nil {
		return nil, err
	}
	return apiServer, addConflictWatch(apiServer, c.metadata)
}

// Run opens the database and serves from it until ctx ends, then lets requests finish. The options
// are completed and valid.
func Run(ctx context.Context, options *Options) (err error) {
	engine, err := options.Storage.Open(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	config, err := NewConfig(ctx, options, engine)
	if err != nil {
		return err
	}
	apiServer, err := config.New()
	if err != nil {
		return err
	}
	klog.InfoS("Serving the Ark API", "address", options.address(), "cluster", config.generic.ClientConfig.Host,
		"storage", options.Storage.Driver, "version", version.Version, "kubernetes", version.Kubernetes())
	return apiServer.PrepareRun().RunWithContext(ctx)
}
