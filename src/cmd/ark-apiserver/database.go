package main

import (
	"errors"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server"
)

func newVerifyCommand() *cobra.Command {
	options := server.NewStorageOptions()
	command := &cobra.Command{
		Use:   "verify",
		Short: "Verify that the database is undamaged",
		Long: `Reads all of the database, compares each value with the checksum that it was written with and each revision with the
one before, and ends with status 1 if something is damaged. Servers may use a PostgreSQL database meanwhile; a SQLite file, or a backup
of it, is verified while no server has it open.`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := errors.Join(options.Validate()...); err != nil {
				return err
			}
			if options.Driver == server.SQLite && options.SQLitePath == "" {
				return errors.New("--sqlite-path is missing: say which file to verify")
			}
			return options.Verify(command.Context(), command.OutOrStdout())
		},
	}
	options.AddDatabaseFlags(command.Flags())
	command.Flags().Lookup("sqlite-path").Usage = "SQLite database file."
	plainHelp(command)
	return command
}
