package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server/database"
)

func newVerifyCommand() *cobra.Command {
	return newDatabaseCommand("verify", "Verify that the database is undamaged",
		`Reads all of the database, compares each value with the checksum that it was written with and each revision with the
one before, and ends with status 1 if something is damaged. Servers may use a PostgreSQL or MySQL database meanwhile; a SQLite file, or
a backup of it, is verified while no server has it open.`, (*database.Options).Verify)
}

func newPurgeCommand() *cobra.Command {
	return newDatabaseCommand("purge", "Drop all history from the database",
		`Drops all history, and rewrites the database's files, so that nothing is left in them of what was overwritten or deleted,
as after objects that were in plain text have been encrypted. All clients list anew. A SQLite file is purged while no server has it open,
and needs twice its size of the disk meanwhile; with PostgreSQL, servers wait as long as it takes; with MySQL they go on.`, (*database.Options).Purge)
}

// newDatabaseCommand is a command on a database, without a server.
func newDatabaseCommand(name, short, long string, run func(*database.Options, context.Context, io.Writer) error) *cobra.Command {
	options := database.NewOptions()
	command := &cobra.Command{
		Use:   name,
		Short: short,
		Long:  long,
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := errors.Join(options.Validate("")...); err != nil {
				return err
			}
			return run(options, command.Context(), command.OutOrStdout())
		},
	}
	options.AddDatabaseFlags(command.Flags())
	command.Flags().Lookup("sqlite-path").Usage = "SQLite database file."
	plainHelp(command)
	return command
}
