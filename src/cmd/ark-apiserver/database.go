package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/server/datadir"
)

func newVerifyCommand() *cobra.Command {
	var argument func([]string) (*database.BackupFile, error)
	command := newDatabaseCommand("verify [BACKUP]", "Verify that a database or a backup is undamaged",
		`Reads all of the database, compares each value with the checksum that it was written with and each
revision with the one before, and a backup with what was backed up. Ends with status 1 if something
is damaged. Servers may use the database meanwhile.

`+inBuckets,
		func(ctx context.Context, c *databaseCommand) error {
			backup, err := argument(c.args)
			switch {
			case err != nil:
				return err
			case backup != nil:
				return backup.Verify(ctx, c.out, c.report("Verifying"))
			}
			return c.options.Verify(ctx, c.out, c.report("Verifying"))
		})
	argument = addBackupArgument(command)
	return command
}

func newPurgeCommand() *cobra.Command {
	return newDatabaseCommand("purge", "Drop all history from the database",
		`Drops all history, and rewrites the database's files, so that nothing is left in them of what was
overwritten or deleted, as after objects that were in plain text have been encrypted. All clients
list anew. A SQLite file is purged while no server has it open, and needs twice its size of the disk
meanwhile; with PostgreSQL, servers wait as long as it takes; with MySQL they go on.`,
		func(ctx context.Context, c *databaseCommand) error { return c.options.Purge(ctx, c.out) })
}

func newCompactCommand() *cobra.Command {
	var revision int64
	command := newDatabaseCommand("compact", "Drop history before a revision",
		`Drops what was superseded or deleted at or before a revision, as servers do by themselves with what
is older than --compaction-window. Watches and paged lists that come from before it are told 410
Expired. Unlike purge, it leaves the files as large as they are. A SQLite file is compacted while no
server has it open.`,
		func(ctx context.Context, c *databaseCommand) error { return c.options.Compact(ctx, revision, c.out) })
	command.Flags().Int64Var(&revision, "revision", 0, "The revision. Default: the current one.")
	return command
}

// databaseCommand is a command on a database, without a server.
type databaseCommand struct {
	options *database.Options
	dataDir string
	quiet   bool
	args    []string
	// out is for what the command has to say, unless it is to be quiet; problems are in its error.
	out      io.Writer
	progress io.Writer
}

// dataDir is the flag.
const dataDir = "data-dir"

func newDatabaseCommand(use, short, long string, run func(context.Context, *databaseCommand) error) *cobra.Command {
	c := &databaseCommand{options: database.NewOptions()}
	command := &cobra.Command{
		Use:   use,
		Short: short,
		Long:  long,
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, args []string) error {
			if err := errors.Join(c.options.Validate("")...); err != nil {
				return err
			}
			if err := c.completePath(); err != nil {
				return err
			}
			c.prepare(command, args)
			return run(command.Context(), c)
		},
	}
	flags := command.Flags()
	flags.StringVar(&c.dataDir, dataDir, "", "Data directory of a standalone server, where the SQLite database is ark.db. Default: that of the server.")
	c.options.AddDatabaseFlags(flags)
	addQuiet(command, c)
	plainHelp(command)
	return command
}

func addQuiet(command *cobra.Command, c *databaseCommand) {
	command.Flags().BoolVarP(&c.quiet, "quiet", "q", false, "Say nothing but what is wrong.")
}

// prepare is for when the flags are known.
func (c *databaseCommand) prepare(command *cobra.Command, args []string) {
	c.args, c.out, c.progress = args, command.OutOrStdout(), command.ErrOrStderr()
	if c.quiet {
		c.out, c.progress = io.Discard, io.Discard
	}
}

// completePath finds the SQLite database of a standalone server.
func (c *databaseCommand) completePath() error {
	dir := c.dataDir
	if dir == "" {
		var err error
		if dir, err = datadir.Default(); err != nil && !c.options.IsSpecified() {
			return fmt.Errorf("%w: choose one with --data-dir", err)
		}
	}
	c.options.SQLite.DefaultPath = filepath.Join(dir, datadir.Database)
	return nil
}

// makeDataDir makes the directory of the SQLite database as a server does, unless its file is
// somewhere else.
func (c *databaseCommand) makeDataDir() error {
	if c.options.IsSpecified() {
		return nil
	}
	_, err := datadir.Open(filepath.Dir(c.options.SQLite.DefaultPath))
	return err
}

// report shows the progress on a terminal.
func (c *databaseCommand) report(doing string) database.Report {
	return showProgress(c.progress, doing)
}
