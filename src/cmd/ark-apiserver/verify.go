package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ark.ai/apiserver/src/server"
	"ark.ai/apiserver/src/storage"
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
			verification, err := options.Verify(command.Context())
			if err != nil {
				return err
			}
			return reportVerification(command.OutOrStdout(), verification)
		},
	}
	options.AddDatabaseFlags(command.Flags())
	command.Flags().Lookup("sqlite-path").Usage = "SQLite database file."
	plainHelp(command)
	return command
}

func reportVerification(out io.Writer, v storage.Verification) error {
	for _, sentence := range v.Damaged {
		fmt.Fprintln(out, sentence)
	}
	fmt.Fprintf(out, "%d objects and %d changes up to revision %d were read", v.Keys, v.Changes, v.Current)
	if v.Unchecked > 0 {
		fmt.Fprintf(out, ", %d of them without a checksum, as old servers wrote them", v.Unchecked)
	}
	fmt.Fprintln(out)
	if len(v.Damaged) > 0 {
		return fmt.Errorf("%d values or revisions are damaged: restore a backup, or delete the objects and create them anew", len(v.Damaged))
	}
	return nil
}
