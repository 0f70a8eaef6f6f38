package main

import (
	"cmp"
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
	"ark.ai/apiserver/src/server/indexes"
)

func newStatusCommand() *cobra.Command {
	var output, from, kubeconfig string
	var argument func([]string) (*database.BackupFile, error)
	command := newDatabaseCommand("status [BACKUP]", "Show what a database or a backup has",
		`Shows the version of the schema, the revision, the history and the objects of a database or a
backup, and how far replicas of the database are behind. Servers go on meanwhile, and are not asked,
but for the one that --kubeconfig leads to.

`+inBuckets,
		func(ctx context.Context, c *databaseCommand) error {
			backup, err := argument(c.args)
			if err != nil {
				return err
			}
			if backup != nil && from+kubeconfig != "" {
				return errors.New("--from and --kubeconfig are about a database, and not about a backup")
			}
			var problem error
			err = printFound(c.out, output, func() (s database.Status, err error) {
				if backup != nil {
					s, err = backup.Status(ctx)
				} else {
					s, err = findStatus(ctx, c.options, from, kubeconfig)
				}
				if s.SchemaVersion != 0 && s.Content == nil {
					problem, err = err, nil // What is known of the schema is shown all the same.
				}
				return s, err
			}, writeStatus)
			return errors.Join(err, problem)
		})
	argument = addBackupArgument(command)
	command.Flags().StringVar(&from, "from", "", "The location of the database that this one is a copy of, as in copy: shows how far the copy is behind.")
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "The kubeconfig of a server of the database: shows its indexes too. It has them apart from the database.")
	addOutput(command, &output)
	return command
}

func findStatus(ctx context.Context, options *database.Options, from, kubeconfig string) (database.Status, error) {
	s, err := options.Status(ctx)
	if err == nil && from != "" {
		err = findLag(ctx, options, from, &s)
	}
	if err == nil && kubeconfig != "" {
		err = findIndexes(ctx, kubeconfig, &s)
	}
	return s, err
}

func findLag(ctx context.Context, options *database.Options, from string, s *database.Status) error {
	original, err := location("from", from)
	if err != nil {
		return err
	}
	lag, err := options.FindLag(ctx, original)
	s.Copy = &lag
	return err
}

func findIndexes(ctx context.Context, kubeconfig string, s *database.Status) error {
	config, err := clusterConfig(kubeconfig)
	if err == nil {
		s.Indexes, err = indexes.Find(ctx, config)
	}
	return err
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
	fmt.Fprintf(table, "Database:\t%s\n", s.Database)
	newest := ""
	if s.SchemaVersion != s.NewestSchemaVersion {
		newest = fmt.Sprintf(" is %d", s.NewestSchemaVersion)
	}
	fmt.Fprintf(table, "Schema:\tversion %d, the newest that this binary knows%s\n", s.SchemaVersion, newest)
	if s.Content != nil {
		writeContent(table, s)
	}
	if s.Indexes != nil {
		fmt.Fprintf(table, "\nINDEX\tSTATE\tREVISION\tBEHIND\tSIZE\n")
		for _, i := range s.Indexes {
			revision, behind := "-", "-"
			if i.Revision != 0 {
				revision, behind = fmt.Sprint(i.Revision), fmt.Sprint(i.Current-i.Revision)
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", i.Resource, i.State, revision, behind, quantity(i.Bytes))
		}
	}
	return table.Flush()
}

func writeContent(table io.Writer, s database.Status) {
	history := "none"
	if s.OldestChange != nil {
		history = fmt.Sprintf("%d changes since revision %d, the oldest %s ago", s.Changes, s.CompactedRevision, ago(*s.OldestChange))
	}
	rows := [][2]string{
		{"Role", s.Role},
		{"Revision", fmt.Sprintf("%d, committed %s ago", s.Revision, ago(s.CommittedAt))},
		{"Incarnation", fmt.Sprint(s.Incarnation)},
		{"History", history},
		{"Log", fmt.Sprintf("%d rows", s.LogRows)},
		{"Size", quantity(s.DatabaseBytes)},
	}
	if c := s.Copy; c != nil {
		lag := "has everything"
		if c.Rows > 0 {
			lag = fmt.Sprintf("lacks %d writes, the oldest made %s ago", c.Rows, seconds(c.Seconds))
		}
		rows = append(rows, [2]string{"Copy", fmt.Sprintf("%s; the original is at revision %d", lag, c.Newest)})
	}
	if r := s.Replication; s.IsShared() && len(r.Replicas)+len(r.Sources)+len(r.Hidden) == 0 {
		rows = append(rows, [2]string{"Replicas", "none"})
	}
	for _, row := range rows {
		fmt.Fprintf(table, "%s:\t%s\n", row[0], row[1])
	}
	writeReplication(table, s)
	fmt.Fprintf(table, "\nRESOURCE\tOBJECTS\tSIZE\n")
	for _, r := range append(s.Resources, database.ObjectCount{Resource: "all", Objects: s.Objects, Bytes: s.Bytes}) {
		fmt.Fprintf(table, "%s\t%d\t%s\n", r.Resource, r.Objects, quantity(r.Bytes))
	}
}

// writeReplication is about all of the database's server.
func writeReplication(table io.Writer, s database.Status) {
	for _, sentence := range s.Replication.Hidden {
		fmt.Fprintf(table, "Not known:\t%s\n", sentence)
	}
	for _, peers := range []struct {
		title string
		all   []database.Peer
	}{{"REPLICA", s.Replication.Replicas}, {"REPLICA OF", s.Replication.Sources}} {
		if len(peers.all) == 0 {
			continue
		}
		fmt.Fprintf(table, "\n%s\tADDRESS\tSTATE\tSYNC\tLAG\tBYTES BEHIND\n", peers.title)
		for _, p := range peers.all {
			lag, missing := "unknown", "unknown"
			if p.LagSeconds != nil {
				lag = seconds(*p.LagSeconds)
			}
			if p.LagBytes != nil {
				missing = quantity(*p.LagBytes)
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", cmp.Or(p.Name, "-"), cmp.Or(p.Address, "-"), cmp.Or(p.State, "unknown"), cmp.Or(p.Sync, "-"), lag, missing)
		}
	}
}

func ago(t time.Time) string { return duration.HumanDuration(time.Since(t)) }

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond).String()
}

func quantity(bytes int64) string { return resource.NewQuantity(bytes, resource.BinarySI).String() }
