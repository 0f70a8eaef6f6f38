package kubectl_test

import (
	"strings"
	"testing"
)

func TestPatch(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", sample("agent"))
		patch := func(kind, patch string, args ...string) []string {
			return append([]string{"patch", "agent", "forecaster", "--type", kind, "--patch", patch}, args...)
		}
		const (
			unchanged = "agent.ark.ai/forecaster patched (no change)\n"
			patched   = "agent.ark.ai/forecaster patched\n"
		)
		for _, test := range []struct{ kind, patch, path, want string }{
			{"strategic", `{"spec":{"prompt":"One."}}`, "{.spec.prompt}", "One."},
			{"strategic", `{"metadata":{"resourceVersion":null,"labels":{"a":"b"}}}`, "{.metadata.labels.a}", "b"},
			// Lists are atomic, as in custom resources.
			{"strategic", `{"spec":{"parameters":[{"name":"lang","value":"pt"}]}}`, "{.spec.parameters[*].name}", "lang"},
			{"merge", `{"spec":{"prompt":"Two.","description":null}}`, "{.spec.prompt}{.spec.description}", "Two."},
			{"merge", `{"spec":{"outputSchema":{"properties":{"warning":null}}}}`, "{.spec.outputSchema}", `{"properties":{"summary":{"type":"string"}},"required":["summary"],"type":"object"}`},
			{"json", `[{"op":"test","path":"/spec/prompt","value":"Two."},{"op":"replace","path":"/spec/prompt","value":"Three."}]`, "{.spec.prompt}", "Three."},
			{"json", `[{"op":"add","path":"/spec/parameters/-","value":{"name":"mood","value":"dry"}}]`, "{.spec.parameters[*].name}", "lang mood"},
			{"json", `[{"op":"remove","path":"/spec/tools"}]`, "{.spec.tools}", ""},
		} {
			if got := write.ok(t, patch(test.kind, test.patch)...); got != patched {
				t.Errorf("%s %s: %q", test.kind, test.patch, got)
			}
			read.says(t, test.want, "get", "agent", "forecaster", "-o", "jsonpath="+test.path)
			if strings.Contains(test.patch, `"op"`) {
				continue
			}
			if got := write.ok(t, patch(test.kind, test.patch)...); got != unchanged {
				t.Errorf("%s %s again: %q", test.kind, test.patch, got)
			}
		}
		read.says(t, "8", "get", "agent", "forecaster", "-o", "jsonpath={.metadata.generation}")

		if got := write.ok(t, patch("merge", available, "--subresource=status")...); got != patched {
			t.Errorf("status: %q", got)
		}
		read.says(t, "True", "get", "agent", "forecaster", "-o", `jsonpath={.status.conditions[?(@.type=="Available")].status}`)

		shows(t, write.refused(t, patch("merge", `{"metadata":{"resourceVersion":"1"},"spec":{"prompt":"x"}}`)...),
			"Error from server (Conflict)", "the object has been modified")
		write.refused(t, patch("json", `[{"op":"test","path":"/spec/prompt","value":"Four."}]`)...)
		shows(t, write.refused(t, "patch", "agent", "nobody", "-p", "{}"), `agents.ark.ai "nobody" not found`)
		shows(t, write.refused(t, patch("merge", `{"metadata":{"name":"other"}}`)...), "the name of the object (other) does not match the name on the URL (forecaster)")
	})
}

func TestEdit(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", sample("agent"))
		before := read.ok(t, "get", "agent", "adviser", "-o", "yaml")
		shows(t, write.with("EDITOR=true").run(t, "edit", "agent", "adviser").stderr, "Edit cancelled, no changes made.")
		if after := read.ok(t, "get", "agent", "adviser", "-o", "yaml"); after != before {
			t.Errorf("an edit without a change made of\n%s\nthis\n%s", before, after)
		}

		editor := write.with(`EDITOR=sed -i "s/description: .*/description: Knows better./"`)
		if got := editor.ok(t, "edit", "agent", "adviser"); got != "agent.ark.ai/adviser edited\n" {
			t.Errorf("got %q", got)
		}
		read.says(t, "Knows better.|2", "get", "agent", "adviser", "-o", "jsonpath={.spec.description}|{.metadata.generation}")

		write.given(query("ask", "a")).ok(t, "create", "-f", "-")
		editor = write.with(`EDITOR=sed -i "s/^status:.*/status:\n  phase: done/"`)
		editor.ok(t, "edit", "query", "ask", "--subresource=status")
		read.says(t, "done", "get", "query", "ask", "-o", "jsonpath={.status.phase}")
	})
}

func TestLabelAndAnnotate(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", sample("agent"))
		for _, step := range []struct{ command, want string }{
			{"label agent adviser stage=test", "agent.ark.ai/adviser labeled"},
			{"label agent adviser stage=test", "agent.ark.ai/adviser not labeled"},
			{"label agent adviser stage=live --overwrite", "agent.ark.ai/adviser labeled"},
			{"annotate agent adviser example.com/note=hello", "agent.ark.ai/adviser annotated"},
			{"annotate agent adviser example.com/note-", "agent.ark.ai/adviser annotated"},
			{"label agents --all team=red", "agent.ark.ai/adviser labeled\nagent.ark.ai/forecaster labeled"},
			{"label agents -l stage=live team-", "agent.ark.ai/adviser unlabeled"},
		} {
			write.says(t, step.want, strings.Fields(step.command)...)
		}
		shows(t, write.refused(t, "label", "agent", "adviser", "stage=test"), "already has a value (live), and --overwrite is false")
		shows(t, write.refused(t, "label", "agent", "adviser", "stage=a b", "--overwrite"), "a valid label must be")
		write.ok(t, "annotate", "agent", "adviser", `note=é "q" <&>`)
		read.says(t, `{"stage":"live"}|é "q" <&>|1`, "get", "agent", "adviser", "-o", "jsonpath={.metadata.labels}|{.metadata.annotations.note}|{.metadata.generation}")
	})
}

func TestReplace(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		shows(t, write.given(agent("poet", "Rhyme.")).refused(t, "replace", "-f", "-"), "Error from server (NotFound)", `agents.ark.ai "poet" not found`)
		write.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		shows(t, write.given(agent("poet", "Rhyme.")).refused(t, "create", "-f", "-"), "Error from server (AlreadyExists)", `agents.ark.ai "poet" already exists`)
		live := read.ok(t, "get", "agent", "poet", "-o", "yaml")
		if got := write.given(agent("poet", "Rhyme well.")).ok(t, "replace", "-f", "-"); got != "agent.ark.ai/poet replaced\n" {
			t.Errorf("got %q", got)
		}
		read.says(t, "Rhyme well.|2", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}|{.metadata.generation}")
		shows(t, read.given(live).refused(t, "replace", "-f", "-"), "Error from server (Conflict)", "the object has been modified")

		write.given(agent("poet", "Rhyme again.")).ok(t, "replace", "--force", "-f", "-")
		read.says(t, "Rhyme again.|1", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}|{.metadata.generation}")
		shows(t, write.given(live).refused(t, "replace", "-f", "-"), "Error from server (Conflict)")
	})
}
