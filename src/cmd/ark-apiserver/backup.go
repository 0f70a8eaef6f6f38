package main

import (
	"context"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server/database"
)

func newBackupCommand() *cobra.Command {
	var keep int
	command := newDatabaseCommand("backup FILE", "Write a backup while servers go on",
		`Writes what the database has at one moment, with its history, to a new SQLite file, whichever database it comes from. Servers go on
meanwhile. The file is read again and sealed; a file with the name is never half of a backup. If FILE is a directory, the file's name is
the time. Objects that are encrypted stay so: restoring them needs the keys of --encryption-provider-config, which are not in it.`,
		func(ctx context.Context, c *databaseCommand) error {
			return c.options.Backup(ctx, database.BackupOptions{Path: c.args[0], Keep: keep, MadeBy: version()}, c.out, c.report("Backing up"))
		})
	command.Flags().IntVar(&keep, "keep", 0, "How many backups stay in the directory; older ones are removed once the new one is good. Default: all.")
	command.Args = cobra.ExactArgs(1)
	return command
}

func newRestoreCommand() *cobra.Command {
	var replace bool
	command := newDatabaseCommand("restore FILE", "Put a backup into a database",
		`Reads all of a backup, and if it is undamaged copies it to a database, which has to be empty. Servers of the database are stopped
before, and started afterwards. Revisions go on far above all that were used, and everything before counts as compacted: clients that have seen
other than what was restored are told so, and list anew. If it is killed, the same command goes on.`,
		func(ctx context.Context, c *databaseCommand) error {
			if err := c.makeDataDir(); err != nil {
				return err
			}
			return c.options.Restore(ctx, c.args[0], replace, c.out, c.report("Restoring"))
		})
	command.Args = cobra.ExactArgs(1)
	command.Flags().BoolVar(&replace, "replace", false, "Delete what the database has, which is then lost.")
	return command
}
