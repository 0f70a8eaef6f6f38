package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	genericoptions "k8s.io/apiserver/pkg/server/options"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/cli/globalflag"
	"k8s.io/component-base/logs"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/component-base/metrics"
	controlplaneoptions "k8s.io/kubernetes/pkg/controlplane/apiserver/options"
)

// TestConfigurationPage compares the tables of docs/configuration.md with the flags that there are:
// each that is named exists, with that default, and each that upstream does not have, or has with
// another default, is named.
func TestConfigurationPage(t *testing.T) {
	content, err := os.ReadFile("../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for section := range strings.SplitSeq(string(content), "\n## ") {
		title, text, _ := strings.Cut(section, "\n")
		sections[title] = text
	}
	storage := documented(sections["Storage"])
	for _, test := range []struct {
		command  *cobra.Command
		own      map[string]string // named, and its default compared
		shared   map[string]string // named as well
		upstream *pflag.FlagSet
	}{
		{newCommand(), documented(sections["Storage"] + sections["Serving"]), nil, standaloneUpstream()},
		{newAggregatedCommand(), documented(sections["Aggregated"]), storage, aggregatedUpstream()},
	} {
		flags := test.command.Flags()
		for name, value := range test.own {
			if flag := flags.Lookup(name); flag == nil {
				t.Errorf("%s has no flag --%s", test.command.Name(), name)
			} else if !isDefault(flag, value) {
				t.Errorf("%s: --%s is %q by default (%s), not %q as documented", test.command.Name(), name, flag.DefValue, flag.Usage, value)
			}
		}
		flags.VisitAll(func(flag *pflag.Flag) {
			_, own := test.own[flag.Name]
			_, shared := test.shared[flag.Name]
			upstream := test.upstream.Lookup(flag.Name)
			if flag.Name != helpAll && !own && !shared && (upstream == nil || upstream.DefValue != flag.DefValue) {
				t.Errorf("%s: --%s, %q by default, is ours and in no table", test.command.Name(), flag.Name, flag.DefValue)
			}
		})
	}
	backups := documented(sections["Backups"])
	flags := newBackupCommand().Flags()
	flags.VisitAll(func(flag *pflag.Flag) {
		value, named := backups[flag.Name]
		if strings.HasPrefix(flag.Name, "s3-") && (!named || !isDefault(flag, value)) {
			t.Errorf("backup: --%s is %q by default (%s), and %q as documented", flag.Name, flag.DefValue, flag.Usage, value)
		}
	})
	for name := range backups {
		if flags.Lookup(name) == nil {
			t.Errorf("backup has no flag --%s", name)
		}
	}
	for name := range storage {
		if newAggregatedCommand().Flags().Lookup(name) == nil && name != "data-dir" {
			t.Errorf("aggregated has no flag --%s", name)
		}
	}
}

// TestConfigurationPageHasTheBounds compares what the page says that a flag takes with the help of
// the flag, which is made of what the server checks.
func TestConfigurationPageHasTheBounds(t *testing.T) {
	content, err := os.ReadFile("../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	flags, compared := newCommand().Flags(), map[string]int{}
	flags.AddFlagSet(newBackupCommand().Flags())
	for line := range strings.SplitSeq(string(content), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		for _, name := range flagName.FindAllStringSubmatch(cells[1], -1) {
			flag := flags.Lookup(name[1])
			if flag == nil {
				continue
			}
			if got, want := lowerBounds(cells[3]), lowerBounds(flag.Usage); !slices.Equal(got, want) {
				t.Errorf("--%s is documented to be at least %q, its help says %q", flag.Name, got, want)
			} else {
				compared["bounds"] += len(want)
			}
			if list := choices.FindStringSubmatch(flag.Usage); list != nil {
				compared["choices"]++
				for word := range strings.SplitSeq(list[1], ", ") {
					if !strings.Contains(cells[3], "`"+word+"`") {
						t.Errorf("--%s takes %s, which is not documented", flag.Name, word)
					}
				}
			}
		}
	}
	if compared["bounds"] < 6 || compared["choices"] != 4 {
		t.Errorf("only %v were compared", compared)
	}
}

var (
	atLeast = regexp.MustCompile("at least `?([0-9][0-9A-Za-z]*)`?")
	choices = regexp.MustCompile(`: ((?:[a-z-]+, )+[a-z-]+)\.`)
)

// lowerBounds are those that a text names.
func lowerBounds(text string) []string {
	var bounds []string
	for _, match := range atLeast.FindAllStringSubmatch(text, -1) {
		if duration, err := time.ParseDuration(match[1]); err == nil {
			match[1] = duration.String()
		}
		bounds = append(bounds, match[1])
	}
	return bounds
}

var flagName = regexp.MustCompile("`--([a-z0-9-]+)`")

// documented are the flags in the first column of a section's tables, and what the second says of
// their defaults.
func documented(section string) map[string]string {
	defaults := map[string]string{}
	for line := range strings.SplitSeq(section, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		names := flagName.FindAllStringSubmatch(cells[1], -1)
		value := strings.TrimSpace(strings.ReplaceAll(cells[2], "`", ""))
		values := strings.Split(value, ", ")
		for i, name := range names {
			if len(names) > 1 && len(values) == len(names) {
				value = values[i]
			}
			defaults[name[1]] = value
		}
	}
	return defaults
}

var (
	usageDefault = regexp.MustCompile(`Default: (.*)\.$`)
	word         = regexp.MustCompile(`^[a-z0-9.:/]+$`)
)

// isDefault reports whether a flag has the default that is documented: a word is a value, that of
// the flag or of its help; anything else describes what the program finds out when it starts, if
// the flag has no value.
func isDefault(flag *pflag.Flag, documented string) bool {
	value := flag.DefValue
	if usage := usageDefault.FindStringSubmatch(flag.Usage); usage != nil {
		value, _, _ = strings.Cut(usage[1], ",")
	}
	if duration, err := time.ParseDuration(documented); err == nil && flag.Value.Type() == "duration" {
		documented = duration.String()
	}
	if word.MatchString(strings.ToLower(documented)) {
		return documented == value
	}
	return slices.Contains([]string{"", "0", "0s", "[]", "false"}, flag.DefValue)
}

func standaloneUpstream() *pflag.FlagSet {
	var sets cliflag.NamedFlagSets
	controlplaneoptions.NewOptions().AddFlags(&sets)
	return withGlobal("ark-apiserver", sets)
}

func aggregatedUpstream() *pflag.FlagSet {
	var sets cliflag.NamedFlagSets
	all := sets.FlagSet("all")
	genericoptions.NewServerRunOptions().AddUniversalFlags(all)
	genericoptions.NewRecommendedOptions("", nil).AddFlags(all)
	metrics.NewOptions().AddFlags(all)
	logsapi.AddFlags(logs.NewOptions(), all)
	return withGlobal("aggregated", sets)
}

func withGlobal(name string, sets cliflag.NamedFlagSets) *pflag.FlagSet {
	globalflag.AddGlobalFlags(sets.FlagSet("global"), name, logs.SkipLoggingConfigurationFlags())
	all := pflag.NewFlagSet(name, pflag.ContinueOnError)
	for _, set := range sets.FlagSets {
		all.AddFlagSet(set)
	}
	return all
}
