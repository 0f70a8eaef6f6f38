package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/server/crdmigration"
	"ark.ai/apiserver/src/server/database"
)

func newFromCRDsCommand() *cobra.Command {
	return newMigrationCommand("from-crds", "Move the objects of CustomResourceDefinitions to the database of aggregated servers",
		`Moves all objects of the CustomResourceDefinitions of group ark.ai to the database of aggregated
servers, with their uids, while the cluster works: copies, then refuses writes for a moment, copies
the rest, verifies it, has the servers answer, and accepts writes again. It can be killed at any
moment; started again, it goes on. The SQLite file of a server has only one user: with it the
command ends when all is copied; start the server then, and run migrate switch. Those of another
group (--from-group) become objects of ark.ai with uids of their own, by which their owners are
named in all of the cluster.`,
		databaseFlags|apiServicesFlag|objectFlags|eventsFlag, crdmigration.FromCRDs)
}

func newSwitchCommand() *cobra.Command {
	return newMigrationCommand("switch", "Have the servers answer after from-crds",
		`Has the servers answer after from-crds has copied everything, and accepts writes again.`, apiServicesFlag|waitFlag|eventsFlag, crdmigration.Switch)
}

func newToCRDsCommand() *cobra.Command {
	return newMigrationCommand("to-crds", "Go back to CustomResourceDefinitions after from-crds",
		`Goes back to CustomResourceDefinitions after from-crds, with what changed meanwhile: objects keep
their uids, but for those that were made meanwhile. All clients list anew. With SQLite the command
says when to stop the server.`, databaseFlags|eventsFlag, crdmigration.ToCRDs)
}

func newFinishCommand() *cobra.Command {
	return newMigrationCommand("finish", "Delete the CustomResourceDefinitions after a migration",
		`Deletes the CustomResourceDefinitions of the group, and what they have left in etcd, after a
migration. There is no way back then.`,
		eventsFlag, crdmigration.Finish)
}

func newMigrationStatusCommand() *cobra.Command {
	var output string
	command := newMigrationCommand("status", "Show how far a migration from CustomResourceDefinitions is",
		`Shows how far a migration from CustomResourceDefinitions is, and how many objects either side has.`, databaseFlags,
		func(ctx context.Context, o crdmigration.Options) error {
			return printFound(o.Out, output, func() (crdmigration.Status, error) { return crdmigration.FindStatus(ctx, o) }, writeMigrationStatus)
		})
	addOutput(command, &output)
	return command
}

func writeMigrationStatus(out io.Writer, s crdmigration.Status) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "Step:\t%s\n", s.Step)
	fmt.Fprintf(table, "Who answers:\t%s\n", s.Answers)
	if s.FrozenSince != nil {
		fmt.Fprintf(table, "Writes:\trefused for %s\n", duration.HumanDuration(time.Since(*s.FrozenSince)))
	} else {
		fmt.Fprintf(table, "Writes:\taccepted\n")
	}
	fmt.Fprintf(table, "\nRESOURCE\tDEFINITION\tOBJECTS\tIN THE DATABASE\n")
	for _, k := range s.Kinds {
		fmt.Fprintf(table, "%s\t%t\t%d\t%d\n", k.Resource, k.Definition, k.Objects, k.Copied)
	}
	return table.Flush()
}

// The flags that a command about a migration has, besides that of the cluster.
const (
	databaseFlags = 1 << iota
	apiServicesFlag
	objectFlags
	waitFlag
	eventsFlag
)

// newMigrationCommand is a command about the move of a cluster's custom resources to a database.
func newMigrationCommand(use, short, long string, flags int, run func(context.Context, crdmigration.Options) error) *cobra.Command {
	var o crdmigration.Options
	var kubeconfig, output string
	c := &databaseCommand{options: database.NewOptions()}
	command := &cobra.Command{
		Use:   use,
		Short: short,
		Long:  long,
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, args []string) (err error) {
			if flags&databaseFlags != 0 {
				if err := errors.Join(c.options.Validate(o.EncryptionProviderConfig)...); err != nil {
					return err
				}
				if !c.options.IsSpecified() {
					return errors.New("--sqlite-path must be specified, or another --storage-driver")
				}
			}
			if output != "" && output != "json" {
				return errors.New("--output must be json, or left out for sentences")
			}
			c.prepare(command, args)
			if o.Config, err = clusterConfig(kubeconfig); err != nil {
				return err
			}
			if o.Out = c.out; output == "json" {
				o.Out = events{c.out}
			}
			if o.Report = c.report("Copying"); o.Report == nil {
				o.Report = sayProgress(o.Out, "Copying", sayEvery)
			}
			o.Database = c.options
			return run(command.Context(), o)
		},
	}
	set := command.Flags()
	set.StringVar(&kubeconfig, "kubeconfig", "", "The kubeconfig of an administrator of the cluster. Default: the pod's service account.")
	if flags&databaseFlags != 0 {
		c.options.AddDatabaseFlags(set)
	}
	if flags&apiServicesFlag != 0 {
		set.StringVar(&o.APIServices, "apiservices", "", "A file with the APIServices that lead to the servers.")
		_ = command.MarkFlagRequired("apiservices")
	}
	if flags&objectFlags != 0 {
		set.StringVar(&o.FromGroup, "from-group", crdmigration.Group, "The group of the CustomResourceDefinitions. Objects of another one get new uids.")
		set.BoolVar(&o.KeepInvalid, "keep-invalid", false, "Move objects that the servers would refuse, too, as they are.")
		set.StringVar(&o.EncryptionProviderConfig, "encryption-provider-config", "", "The file that the servers have for encryption at rest.")
		set.StringVar(&c.options.SelectorKeyFile, "encryption-selector-key-file", "", "The file that the servers have for selectors of encrypted objects.")
	}
	if flags&waitFlag != 0 {
		set.DurationVar(&o.Wait, "wait", 0, "How long to wait until from-crds, which runs elsewhere, has copied everything.")
	}
	if flags&eventsFlag != 0 {
		set.StringVarP(&output, "output", "o", "", "Output format: json, an object for each line. Default: sentences.")
	}
	addQuiet(command, c)
	plainHelp(command)
	return command
}

// clusterConfig is that of a kubeconfig or, without one, of the pod that this runs in.
func clusterConfig(kubeconfig string) (*rest.Config, error) {
	if kubeconfig != "" {
		return clientcmd.BuildConfigFromFlags("", kubeconfig)
	}
	config, err := rest.InClusterConfig()
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, errors.New("--kubeconfig must be specified outside of a pod")
	}
	return config, err
}
