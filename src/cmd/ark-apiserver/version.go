package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server"
)

func newVersionCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(command.OutOrStdout(), "ark-apiserver %s (Kubernetes %s, %s, %s/%s)\n",
				server.Version, server.KubernetesVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
	plainHelp(command)
	return command
}

// plainHelp keeps a command from showing the help of the root command, with its flags.
func plainHelp(command *cobra.Command) {
	plain := &cobra.Command{}
	command.SetUsageFunc(plain.UsageFunc())
	command.SetHelpFunc(plain.HelpFunc())
}
