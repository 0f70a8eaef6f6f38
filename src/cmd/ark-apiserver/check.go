package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/check"
)

func newCheckCommand() *cobra.Command {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	var overrides clientcmd.ConfigOverrides
	timeout := time.Minute
	command := &cobra.Command{
		Use:   "check",
		Short: "Check that the Ark API works from end to end",
		Long: `Writes, reads, watches and deletes an object through the API that the kubeconfig leads to, as any
client does, and ends with status 1 if that does not work. In a pod without kubeconfig it takes the
service account.`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &overrides)
			config, err := loader.ClientConfig()
			if err != nil {
				return err
			}
			namespace, _, err := loader.Namespace()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(command.Context(), timeout)
			defer cancel()
			return check.Run(ctx, config, namespace, command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVar(&rules.ExplicitPath, "kubeconfig", "", "Kubeconfig file. Default: that of KUBECONFIG, or ~/.kube/config, or the service account of the pod.")
	flags.StringVar(&overrides.CurrentContext, "context", "", "Context of the kubeconfig.")
	flags.StringVarP(&overrides.Context.Namespace, "namespace", "n", "", "Namespace to write to. Default: that of the context.")
	flags.DurationVar(&timeout, "timeout", timeout, "For how long to wait for the API.")
	plainHelp(command)
	return command
}
