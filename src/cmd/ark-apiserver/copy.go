package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server/database"
)

func newCopyCommand() *cobra.Command {
	var from, to string
	var mode database.CopyMode
	c := &databaseCommand{}
	command := &cobra.Command{
		Use:   "copy --from=LOCATION --to=LOCATION",
		Short: "Copy a database to another one, of whatever kind",
		Long: `Copies a database to another one, of whatever kind, with revisions and history, while servers go on
with the first one. The other one has to be empty, or such a copy: what was interrupted goes on, and
what is new is copied. A server that is started on the copy raises revisions, and clients list anew,
as the first database may have gone on; after --switch they need not.

Locations are sqlite:///path, postgresql://user@host:port/database and
mysql://user@host:port/database, with the flags of a server as parameters:
postgresql://ark@db.example.com/ark?sslmode=verify-full&password-file=/run/secrets/password. The
passwords may be in ARK_POSTGRESQL_PASSWORD and ARK_MYSQL_PASSWORD.`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, args []string) error {
			if mode.Follow && mode.Switch {
				return errors.New("--follow and --switch are mutually exclusive: follow, and then switch by a second command")
			}
			source, err := location("from", from)
			if err != nil {
				return err
			}
			target, err := location("to", to)
			if err != nil {
				return err
			}
			c.prepare(command, args)
			return source.CopyTo(command.Context(), target, mode, c.out, c.report("Copying"))
		},
	}
	flags := command.Flags()
	flags.StringVar(&from, "from", "", "The database to copy.")
	flags.StringVar(&to, "to", "", "The database to copy it to.")
	flags.BoolVar(&mode.Follow, "follow", false, "Keep the copy up to date until the command is stopped.")
	flags.BoolVar(&mode.Switch, "switch", false,
		"Have the copy take the first database's place, which is closed for good: watches go on where they were, without listing anew. A SQLite file has no server then; "+
			"servers of other databases can't write from that moment on, and must be stopped.")
	addQuiet(command, c)
	plainHelp(command)
	return command
}

func location(flag, value string) (*database.Options, error) {
	if value == "" {
		return nil, fmt.Errorf("--%s must be specified", flag)
	}
	options, err := database.ParseLocation(value)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return options, nil
}
