package aggregated

import (
	"context"

	genericapiserver "k8s.io/apiserver/pkg/server"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/servingcertificate"
)

// useServingCertificate has the server make its own certificate if it is asked to. Nobody is served
// before there is one.
func useServingCertificate(ctx context.Context, config *genericapiserver.RecommendedConfig, options *servingcertificate.Options) error {
	if !options.Enabled() {
		return nil
	}
	var apiServices []string
	for _, version := range registry.GroupVersions() {
		apiServices = append(apiServices, version.Version+"."+version.Group)
	}
	keeper, err := servingcertificate.New(ctx, options, apiServices, config.ClientConfig)
	if err != nil {
		return err
	}
	config.SecureServing.Cert = keeper
	return nil
}
