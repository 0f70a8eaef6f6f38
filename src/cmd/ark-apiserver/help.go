package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/term"

	"ark.ai/apiserver/src/server/database"
)

// helpAll is the flag of commands with more flags than anybody reads.
const helpAll = "help-all"

// commonFlags are those that a first start, or a first deployment, needs; a command has some of
// them.
var commonFlags = slices.Concat([]string{"data-dir", "kubeconfig"}, database.CommonFlags(), []string{
	"bind-address", "secure-port", "tls-cert-file", "tls-private-key-file", "tls-san", "serving-certificate-secret", "serving-certificate-service",
	"authorization-mode", "encryption-provider-config", "compaction-window", "audit-log-path", "v",
})

// shortHelp has a server's command show the flags that are common, and all of them, in groups, with
// --help-all.
func shortHelp(command *cobra.Command, sets cliflag.NamedFlagSets) {
	all := command.Flags().Bool(helpAll, false, "Show all flags.")
	sets.FlagSet("global").AddFlag(command.Flags().Lookup(helpAll))
	common := pflag.NewFlagSet("common", pflag.ContinueOnError)
	for _, name := range commonFlags {
		if flag := command.Flags().Lookup(name); flag != nil {
			common.AddFlag(flag)
		}
	}
	common.SortFlags = false
	command.SetHelpFunc(func(command *cobra.Command, _ []string) {
		out := command.OutOrStdout()
		fmt.Fprintf(out, "%s\n\n", command.Long)
		columns, _, _ := term.TerminalSize(out)
		if *all {
			fmt.Fprintf(out, "Usage:\n  %s\n", command.UseLine())
			cliflag.PrintSections(out, sets, columns)
			return
		}
		writeUsage(out, command, common, columns)
	})
	command.SetUsageFunc(func(command *cobra.Command) error {
		columns, _, _ := term.TerminalSize(command.OutOrStderr())
		writeUsage(command.OutOrStderr(), command, common, columns)
		return nil
	})
	run := command.RunE
	command.RunE = func(command *cobra.Command, args []string) error {
		if *all {
			return command.Help()
		}
		return run(command, args)
	}
}

func writeUsage(out io.Writer, command *cobra.Command, common *pflag.FlagSet, columns int) {
	fmt.Fprintf(out, "Usage:\n  %s\n", command.UseLine())
	if command.HasAvailableSubCommands() {
		fmt.Fprintf(out, "  %s [command]\n\nCommands:\n", command.CommandPath())
		for _, sub := range command.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(out, "  %-*s %s\n", command.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	number := 0
	command.Flags().VisitAll(func(*pflag.Flag) { number++ })
	fmt.Fprintf(out, "\nCommon flags:\n%s\n--%s shows all %d flags.\n", common.FlagUsagesWrapped(columns), helpAll, number)
}

// plainHelp keeps a command from showing the help of the root command, with its flags.
func plainHelp(command *cobra.Command) {
	plain := &cobra.Command{}
	command.SetUsageFunc(plain.UsageFunc())
	command.SetHelpFunc(plain.HelpFunc())
}

// noCommand refuses arguments, which may be commands that are mistyped.
func noCommand(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unknown command %q%s", args[0], didYouMean("", command.SuggestionsFor(args[0])))
}

// suggestFlags adds to the error of a flag that does not exist those that are spelled much the
// same.
func suggestFlags(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	// Commands are what cobra compares names of.
	names := &cobra.Command{SuggestionsMinimumDistance: 2}
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		names.AddCommand(&cobra.Command{Use: flag.Name, Run: func(*cobra.Command, []string) {}})
	})
	return fmt.Errorf("%w%s", err, didYouMean("--", names.SuggestionsFor(unknown.GetSpecifiedName())))
}

func didYouMean(prefix string, suggestions []string) string {
	if len(suggestions) == 0 {
		return ": see --help"
	}
	return fmt.Sprintf(": did you mean %s%s?", prefix, strings.Join(suggestions, " or "+prefix))
}
