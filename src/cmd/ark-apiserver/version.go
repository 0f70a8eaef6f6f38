package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server/version"
)

func newVersionCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(command.OutOrStdout(), "ark-apiserver", version.String())
			return err
		},
	}
	plainHelp(command)
	return command
}
