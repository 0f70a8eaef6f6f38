// Command kube-apiserver is Kubernetes' own, unmodified but for the storage: it takes the flags of
// both, and keeps everything in a SQL database. It shows that src/storage is enough for any API
// server, and is no part of the product.
//
// Upstream lets programs choose the storage of resources, but not that of the few records that it
// keeps outside of the API. tools/kube-apiserver-sql, which builds this program, therefore makes
// one function of upstream's a variable.
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	_ "time/tzdata" // as in upstream's, for CronJobs

	"github.com/spf13/cobra"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/healthz"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/cli/globalflag"
	"k8s.io/component-base/logs"
	logsapi "k8s.io/component-base/logs/api/v1"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/component-base/version/verflag"

	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/storage"
)

func main() {
	os.Exit(cli.Run(newCommand(genericapiserver.SetupSignalContext())))
}

// newCommand is upstream's app.NewAPIServerCommand, which does not let anybody at its
// configuration.
func newCommand(ctx context.Context) *cobra.Command {
	upstream, stored := options.NewServerRunOptions(), database.NewOptions()
	command := &cobra.Command{
		Use:          "kube-apiserver",
		Short:        "Kubernetes' API server, storing in SQL",
		SilenceUsage: true,
		Args:         cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			verflag.PrintAndExitIfRequested()
			if err := upstream.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
				return err
			}
			rest.SetDefaultWarningHandler(rest.NoWarnings{})
			if err := logsapi.ValidateAndApply(upstream.Logs, utilfeature.DefaultFeatureGate); err != nil {
				return err
			}
			return run(ctx, upstream, stored)
		},
	}
	flags := upstream.Flags()
	verflag.AddFlags(flags.FlagSet("global"))
	globalflag.AddGlobalFlags(flags.FlagSet("global"), command.Name(), logs.SkipLoggingConfigurationFlags())
	stored.AddFlags(flags.FlagSet("storage"))
	for _, set := range flags.FlagSets {
		command.Flags().AddFlagSet(set)
	}
	return command
}

func run(ctx context.Context, upstream *options.ServerRunOptions, stored *database.Options) (err error) {
	storage.ConfigureEtcdOptions(upstream.Etcd)
	completed, err := upstream.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := append(completed.Validate(), stored.Validate(upstream.Etcd.EncryptionProviderConfigFilepath)...); len(errs) > 0 {
		return utilerrors.NewAggregate(errs)
	}
	engine, err := stored.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()

	if err := storeRecordsIn(engine); err != nil {
		return err
	}
	config, err := app.NewConfig(completed)
	if err != nil {
		return err
	}
	storage.StopEtcdMetrics()
	storeResourcesIn(engine, config)

	servers, err := config.Complete()
	if err != nil {
		return err
	}
	chain, err := app.CreateServerChain(servers)
	if err != nil {
		return err
	}
	// Whoever asks kube-apiserver for its health knows the check by this name.
	if err := chain.GenericAPIServer.AddHealthChecks(healthz.NamedCheck("etcd", func(request *http.Request) error {
		return engine.Ping(request.Context())
	})); err != nil {
		return err
	}
	prepared, err := chain.PrepareRun()
	if err != nil {
		return err
	}
	return prepared.Run(ctx)
}
