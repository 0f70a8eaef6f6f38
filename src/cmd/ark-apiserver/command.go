package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/rest"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/cli/globalflag"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register" // --logging-format=json
	_ "k8s.io/component-base/metrics/prometheus/workqueue"

	"ark.ai/apiserver/src/server/standalone"
	"ark.ai/apiserver/src/server/version"
)

func newCommand() *cobra.Command {
	options := standalone.NewOptions()
	command := &cobra.Command{
		Use:   "ark-apiserver",
		Short: "Serve the Ark API",
		Long: `Serves the Ark API as a Kubernetes API, and keeps it in a SQL database.

Without a command it runs standalone: a complete Kubernetes-style API server that needs no
Kubernetes.`,
		Version:       version.String(),
		Args:          noCommand,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(command *cobra.Command, _ []string) error {
			return runStandalone(command.Context(), options, command.OutOrStdout())
		},
	}
	var sets cliflag.NamedFlagSets
	options.AddFlags(&sets)
	addFlags(command, sets)
	command.SetFlagErrorFunc(suggestFlags)
	command.SuggestionsMinimumDistance = 2
	command.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	command.AddCommand(
		newAggregatedCommand(), newBackupCommand(), newCheckCommand(), newCompactCommand(), newCopyCommand(), newCRDsCommand(),
		newMigrateCommand(), newPurgeCommand(), newRestoreCommand(), newSchemasCommand(), newStatusCommand(), newVerifyCommand(), newVersionCommand(),
	)
	return command
}

// addFlags adds the flags of a server.
func addFlags(command *cobra.Command, sets cliflag.NamedFlagSets) {
	globalflag.AddGlobalFlags(sets.FlagSet("global"), command.Name(), logs.SkipLoggingConfigurationFlags())
	for _, set := range sets.FlagSets {
		command.Flags().AddFlagSet(set)
	}
	shortHelp(command, sets)
}

func runStandalone(ctx context.Context, options *standalone.Options, out io.Writer) error {
	// Feature gates count from here on.
	if err := options.ControlPlane.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	if err := applyLogging(ctx, options.ControlPlane.Logs); err != nil {
		return err
	}
	// The server's own clients need not be told that they use an old version.
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	if err := errors.Join(options.Validate()...); err != nil {
		return err
	}
	completed, err := options.Complete(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(completed.Validate()...); err != nil {
		return errors.Join(err, completed.Close())
	}
	utilfeature.DefaultMutableFeatureGate.AddMetrics()
	begun := time.Now()
	fmt.Fprintf(out, "Starting on %s ...\n", options.Storage)
	return standalone.Run(ctx, completed, func() { announce(out, completed.Kubeconfig(), time.Since(begun)) })
}

// announce tells what to type next.
func announce(out io.Writer, kubeconfig string, took time.Duration) {
	fmt.Fprintf(out, `The Ark API server is ready after %.1f s. In another terminal:

  export KUBECONFIG=%s
  kubectl api-resources --api-group=ark.ai
  kubectl get agents,models,queries

Ctrl-C stops it.
`, took.Seconds(), kubeconfig)
}
