package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/rest"
	cliflag "k8s.io/component-base/cli/flag"

	"ark.ai/apiserver/src/server/aggregated"
)

func newAggregatedCommand() *cobra.Command {
	options := aggregated.NewOptions()
	command := &cobra.Command{
		Use:   "aggregated",
		Short: "Serve the Ark API behind a Kubernetes cluster's API server",
		Long: `Serves the Ark API behind a Kubernetes cluster's API server, which passes requests for group ark.ai
on to it once an APIService says so. Users, their rights, webhooks, policies and quotas are the
cluster's.`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return runAggregated(command.Context(), options)
		},
	}
	var sets cliflag.NamedFlagSets
	options.AddFlags(&sets)
	addFlags(command, sets)
	return command
}

func runAggregated(ctx context.Context, options *aggregated.Options) error {
	// Feature gates count from here on.
	if err := options.Run.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	if err := applyLogging(ctx, options.Logs); err != nil {
		return err
	}
	options.Metrics.Apply()
	// The server's own clients need not be told that they use an old version.
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	options.Complete()
	if err := errors.Join(options.Validate()...); err != nil {
		return err
	}
	utilfeature.DefaultMutableFeatureGate.AddMetrics()
	return aggregated.Run(ctx, options)
}
