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
			_, err := fmt.Fprintln(command.OutOrStdout(), "ark-apiserver", version())
			return err
		},
	}
	plainHelp(command)
	return command
}

func version() string {
	return fmt.Sprintf("%s (Kubernetes %s, %s, %s/%s)", server.Version, server.KubernetesVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
