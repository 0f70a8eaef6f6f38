package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// commandLine is a command of ours in a page: after a prompt and variables, or in a code span.
var commandLine = regexp.MustCompile("(?m)(?:^\\s*\\$ (?:[A-Z_]+=\\S+ )*(?:\\./)?|`)ark-apiserver((?: [^\\n`]*)?)")

// TestDocumentedCommands: each command in README and docs exists, with the flags that it is given.
func TestDocumentedCommands(t *testing.T) {
	pages, err := filepath.Glob("../../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range append(pages, "../../../README.md") {
		content, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(content), "\\\n", " ")
		for _, line := range commandLine.FindAllStringSubmatch(text, -1) {
			found++
			checkCommandLine(t, filepath.Base(page), strings.Fields(line[1]))
		}
	}
	if found < 10 {
		t.Errorf("only %d commands were found", found)
	}
}

// TestFlagsOfExamples: a service of systemd's, and one of compose.
func TestFlagsOfExamples(t *testing.T) {
	for file, flags := range map[string]int{"systemd/ark-apiserver.service": 1, "compose/compose.yaml": 7} {
		content, err := os.ReadFile(filepath.Join("../../../examples", file))
		if err != nil {
			t.Fatal(err)
		}
		found := slices.DeleteFunc(strings.Fields(string(content)), func(word string) bool { return !strings.HasPrefix(word, "--") })
		if len(found) != flags {
			t.Errorf("%s has the flags %q", file, found)
		}
		checkCommandLine(t, file, found)
	}
}

func checkCommandLine(t *testing.T, page string, words []string) {
	t.Helper()
	command := newCommand()
	command.InitDefaultCompletionCmd()
	command.InitDefaultHelpFlag()
	command.InitDefaultVersionFlag()
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") && words[0] != "…" {
		i := slices.IndexFunc(command.Commands(), func(sub *cobra.Command) bool { return sub.Name() == words[0] })
		if i < 0 {
			t.Errorf("%s: there is no command %q", page, words[0])
			return
		}
		command = command.Commands()[i]
		for _, sub := range command.Commands() {
			if len(words) > 1 && sub.Name() == words[1] {
				command = sub
			}
		}
	}
	for _, word := range words {
		name, isFlag := strings.CutPrefix(word, "--")
		name, _, _ = strings.Cut(name, "=")
		if isFlag && name != "" && command.Flags().Lookup(name) == nil {
			t.Errorf("%s: %s has no flag --%s", page, command.CommandPath(), name)
		}
	}
}
