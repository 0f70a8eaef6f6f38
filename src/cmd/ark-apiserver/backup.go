package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/server/objectstore"
	"ark.ai/apiserver/src/server/version"
)

// inBuckets is in the help of commands on backups.
const inBuckets = `A backup may be a file, or an object in a bucket of Amazon S3 or another server with its protocol:
s3://bucket/key.db. Credentials come from where Amazon's own programs find them: AWS_ACCESS_KEY_ID
and AWS_SECRET_ACCESS_KEY, the files in ~/.aws, a service account's or a machine's role.`

func newBackupCommand() *cobra.Command {
	var keep int
	s3 := objectstore.NewOptions()
	command := newDatabaseCommand("backup PLACE", "Write a backup while servers go on",
		`Writes what the database has at one moment, with its history, to a new SQLite file, whichever
database it comes from. Servers go on meanwhile. The file is read again and sealed; a file with the
name is never half of a backup. If PLACE is a directory, the file's name is the time. Objects that
are encrypted stay so: restoring them needs the keys of --encryption-provider-config, which are not
in it.

`+inBuckets+`
s3://bucket/folder/, with the slash, is a directory. The file is made among the temporary files
(TMPDIR), and uploaded when it is sealed.`,
		func(ctx context.Context, c *databaseCommand) error {
			return c.options.Backup(ctx, database.BackupOptions{Path: c.args[0], Keep: keep, MadeBy: version.String(), S3: s3}, c.out, c.report("Backing up"))
		})
	command.Flags().IntVar(&keep, "keep", 0, "How many backups stay in the directory; older ones are removed once the new one is good. Default: all.")
	s3.AddFlags(command.Flags())
	command.Args = cobra.ExactArgs(1)
	return command
}

func newRestoreCommand() *cobra.Command {
	var replace bool
	s3 := objectstore.NewOptions()
	command := newDatabaseCommand("restore BACKUP", "Put a backup into a database",
		`Reads all of a backup, and if it is undamaged copies it to a database, which has to be empty.
Servers of the database are stopped before, and started afterwards. Revisions go on far above all
that were used, and everything before counts as compacted: clients that have seen other than what
was restored are told so, and list anew. If it is killed, the same command goes on.

`+inBuckets,
		func(ctx context.Context, c *databaseCommand) error {
			if err := c.makeDataDir(); err != nil {
				return err
			}
			return c.options.Restore(ctx, database.BackupFile{Path: c.args[0], S3: s3}, replace, c.out, c.report("Restoring"))
		})
	s3.AddFlags(command.Flags())
	command.Args = cobra.ExactArgs(1)
	command.Flags().BoolVar(&replace, "replace", false, "Delete what the database has, which is then lost.")
	return command
}

// addBackupArgument lets a command on databases take a backup instead, by its place. What it
// returns is that backup, or nil.
func addBackupArgument(command *cobra.Command) func(args []string) (*database.BackupFile, error) {
	s3 := objectstore.NewOptions()
	s3.AddFlags(command.Flags())
	command.Args = cobra.MaximumNArgs(1)
	return func(args []string) (*database.BackupFile, error) {
		if len(args) == 0 {
			return nil, nil
		}
		ofDatabases := pflag.NewFlagSet("", pflag.ContinueOnError)
		ofDatabases.String(dataDir, "", "")
		database.NewOptions().AddDatabaseFlags(ofDatabases)
		var err error
		command.Flags().Visit(func(flag *pflag.Flag) {
			if ofDatabases.Lookup(flag.Name) != nil {
				err = fmt.Errorf("--%s is for a database, and %s is a backup: omit one of them", flag.Name, args[0])
			}
		})
		return &database.BackupFile{Path: args[0], S3: s3}, err
	}
}
