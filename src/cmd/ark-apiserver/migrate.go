package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server/database"
)

func newMigrateCommand() *cobra.Command {
	options := database.NewOptions()
	options.Driver = "postgresql"
	command := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date",
		Long: `Makes the tables and functions of a PostgreSQL database, or of a MySQL one with
--storage-driver=mysql, or brings them up to the version of this program, as a server does when it
starts. Servers then need no right to create anything: give this command the credentials of the
owner, and servers those of a role that may only use what there is. Servers of the version before go
on meanwhile.`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := errors.Join(options.Validate("")...); err != nil {
				return err
			}
			schema, err := options.Migrate(command.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(command.OutOrStdout(), "Schema %s is up to date.\n", schema)
			return err
		},
	}
	options.AddDatabaseFlags(command.Flags())
	command.AddCommand(newFromCRDsCommand(), newSwitchCommand(), newMigrationStatusCommand(), newToCRDsCommand(), newFinishCommand())
	plainHelp(command)
	return command
}
