package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/duration"

	"ark.ai/apiserver/src/server/database"
)

func newStatusCommand() *cobra.Command {
	var output string
	var argument func([]string) (*database.BackupFile, error)
	command := newDatabaseCommand("status [BACKUP]", "Show what a database or a backup has",
		`Shows the revision, the history and the objects of a database or a backup. Servers go on meanwhile.

`+inBuckets,
		func(ctx context.Context, c *databaseCommand) error {
			backup, err := argument(c.args)
			if err != nil {
				return err
			}
			return printFound(c.out, output, func() (database.Status, error) {
				if backup != nil {
					return backup.Status(ctx)
				}
				return c.options.Status(ctx)
			}, writeStatus)
		})
	argument = addBackupArgument(command)
	addOutput(command, &output)
	return command
}

func addOutput(command *cobra.Command, output *string) {
	command.Flags().StringVarP(output, "output", "o", "", "Output format: json. Default: a table.")
}

// printFound prints what is found, in the format of addOutput's flag.
func printFound[T any](out io.Writer, output string, find func() (T, error), writeTable func(io.Writer, T) error) error {
	if output != "" && output != "json" {
		return errors.New("--output must be json, or left out for a table")
	}
	found, err := find()
	if err != nil {
		return err
	}
	if output == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(found)
	}
	return writeTable(out, found)
}

func writeStatus(out io.Writer, s database.Status) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	history := "none"
	if s.OldestChange != nil {
		history = fmt.Sprintf("%d changes since revision %d, the oldest %s ago", s.Changes, s.CompactedRevision, duration.HumanDuration(time.Since(*s.OldestChange)))
	}
	for _, row := range [][2]string{
		{"Database", s.Database},
		{"Role", s.Role},
		{"Revision", fmt.Sprintf("%d, committed %s ago", s.Revision, duration.HumanDuration(time.Since(s.CommittedAt)))},
		{"Incarnation", fmt.Sprint(s.Incarnation)},
		{"History", history},
		{"Log", fmt.Sprintf("%d rows", s.LogRows)},
		{"Size", quantity(s.DatabaseBytes)},
	} {
		fmt.Fprintf(table, "%s:\t%s\n", row[0], row[1])
	}
	fmt.Fprintf(table, "\nRESOURCE\tOBJECTS\tSIZE\n")
	for _, r := range append(s.Resources, database.ObjectCount{Resource: "all", Objects: s.Objects, Bytes: s.Bytes}) {
		fmt.Fprintf(table, "%s\t%d\t%s\n", r.Resource, r.Objects, quantity(r.Bytes))
	}
	return table.Flush()
}

func quantity(bytes int64) string { return resource.NewQuantity(bytes, resource.BinarySI).String() }
