package kubectl_test

import (
	"strings"
	"testing"
)

const versions = `jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion} {.metadata.generation}{"\n"}{end}`

func TestApplyEverySampleTwice(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		first := write.ok(t, "apply", "--validate=strict", "-f", samples)
		if lines := strings.Count(first, "\n"); lines < 12 || lines != strings.Count(first, " created\n") {
			t.Errorf("not one sample of each kind was created:\n%s", first)
		}
		before := read.ok(t, "get", "ark", "-o", versions)
		second := write.ok(t, "apply", "--validate=strict", "-f", samples)
		if strings.Count(second, "\n") != strings.Count(second, " unchanged\n") {
			t.Errorf("applied again, not everything is unchanged:\n%s", second)
		}
		if after := read.ok(t, "get", "ark", "-o", versions); after != before {
			t.Errorf("applied again, something moved. Before:\n%s\nAfter:\n%s", before, after)
		}
	})
}

func TestApplyAChange(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(agent("poet", "Rhyme.\n  description: Writes verse.")).ok(t, "apply", "-f", "-")
		write.ok(t, "patch", "agent", "poet", "--type=merge", "-p", `{"spec":{"overrides":[{"resourceType":"model","headers":[{"name":"X-A","value":{"value":"b"}}]}]}}`)
		if got := write.given(agent("poet", "Rhyme well.")).ok(t, "apply", "-f", "-"); got != "agent.ark.ai/poet configured\n" {
			t.Errorf("got %q", got)
		}
		// What the manifest had and has no more is gone; what others set stays.
		read.says(t, "Rhyme well.||X-A|3", "get", "agent", "poet",
			"-o", "jsonpath={.spec.prompt}|{.spec.description}|{.spec.overrides[0].headers[0].name}|{.metadata.generation}")
	})
}

func TestApplyOnTheServersSide(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		apply := func(manager, manifest string, args ...string) result {
			return write.given(manifest).run(t, append([]string{"apply", "--server-side", "--field-manager", manager, "-f", "-"}, args...)...)
		}
		described := agent("poet", "Rhyme.\n  description: Writes verse.")
		if got := apply("alice", described); got.status != 0 || got.stdout != "agent.ark.ai/poet serverside-applied\n" {
			t.Fatalf("got %+v", got)
		}
		before := read.ok(t, "get", "agent", "poet", "-o", "jsonpath={.metadata.resourceVersion}")
		apply("alice", described)
		read.says(t, before, "get", "agent", "poet", "-o", "jsonpath={.metadata.resourceVersion}")

		got := apply("bob", agent("poet", "Rhyme well."))
		if got.status == 0 {
			t.Fatalf("bob takes a field of alice's: %s", got.stdout)
		}
		shows(t, got.stderr, `Apply failed with 1 conflict: conflict with "alice": .spec.prompt`, "--force-conflicts")
		read.says(t, "Rhyme.", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}")

		if got := apply("bob", agent("poet", "Rhyme well."), "--force-conflicts"); got.status != 0 {
			t.Fatalf("bob insists: %+v", got)
		}
		read.says(t, "Rhyme well.|Writes verse.", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}|{.spec.description}")
		owners := `jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.apiVersion} {.fieldsV1}{"\n"}{end}`
		read.says(t, `alice Apply ark.ai/v1alpha1 {"f:spec":{"f:description":{}}}`+"\n"+
			`bob Apply ark.ai/v1alpha1 {"f:spec":{"f:prompt":{}}}`, "get", "agent", "poet", "--show-managed-fields", "-o", owners)

		// Alice gives the description up: it was hers alone.
		if got := apply("alice", agent("poet", "Rhyme well.")); got.status != 0 {
			t.Fatalf("got %+v", got)
		}
		read.says(t, "Rhyme well.|", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}|{.spec.description}")
	})
}

func TestApplyEverySampleOnTheServersSideTwice(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "--server-side", "-f", samples)
		before := read.ok(t, "get", "ark", "-o", versions)
		write.ok(t, "apply", "--server-side", "-f", samples)
		if got := read.run(t, "diff", "--server-side", "-f", samples); got.status != 0 || got.stdout != "" {
			t.Errorf("kubectl diff sees a difference, with exit status %d:\n%s%s", got.status, got.stdout, got.stderr)
		}
		if after := read.ok(t, "get", "ark", "-o", versions); after != before {
			t.Errorf("applied again, something moved. Before:\n%s\nAfter:\n%s", before, after)
		}
	})
}

func TestApplyCannotWriteStatus(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		manifest := query("ask", "a") + "status:\n  phase: done\n"
		const state = "jsonpath={.status.phase}|{.metadata.generation}"
		write.given(manifest).ok(t, "apply", "-f", "-")
		read.says(t, "|1", "get", "query", "ask", "-o", state)
		write.given(manifest).ok(t, "apply", "--server-side", "--force-conflicts", "-f", "-")
		read.says(t, "|1", "get", "query", "ask", "-o", state)
		if owned := read.ok(t, "get", "query", "ask", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields}"); strings.Contains(owned, "f:status") {
			t.Errorf("an apply that can't write the status owns it: %s", owned)
		}

		write.ok(t, setPhase("ask", "running")...)
		read.says(t, "running|1", "get", "query", "ask", "-o", state)
		write.given(manifest).ok(t, "replace", "-f", "-")
		read.says(t, "running|1", "get", "query", "ask", "-o", state)
		write.ok(t, "patch", "query", "ask", "--type=merge", "-p", `{"spec":{"input":"More?"},"status":{"phase":"done"}}`)
		read.says(t, "running|2", "get", "query", "ask", "-o", state)

		// It goes the other way too: a status write changes neither spec nor labels.
		write.ok(t, "patch", "query", "ask", "--subresource=status", "--type=merge", "-p",
			`{"metadata":{"labels":{"a":"b"}},"spec":{"input":"No!"},"status":{"phase":"done"}}`)
		read.says(t, "done|2|More?|", "get", "query", "ask", "-o", state+"|{.spec.input}|{.metadata.labels}")
		write.ok(t, "label", "query", "ask", "a=b")
		read.says(t, "done|2", "get", "query", "ask", "-o", state)
		write.given(manifest).ok(t, "apply", "--server-side", "--subresource=status", "--force-conflicts", "-f", "-")
		read.says(t, "done|2", "get", "query", "ask", "--subresource=status", "-o", state)
	})
}

func TestApplyAndPrune(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		prune := []string{"apply", "--prune", "--all", "--prune-allowlist=ark.ai/v1alpha1/Query", "-f", "-"}
		write.given(query("one", "a")+"---"+query("two", "a")).ok(t, prune...)
		shows(t, write.given(query("two", "a")).ok(t, prune...), "query.ark.ai/two unchanged", "query.ark.ai/one pruned")
		read.says(t, "query.ark.ai/two", "get", "queries", "-o", "name")
	})
}

func TestDryRunWritesNothing(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		shows(t, write.given(query("ask", "a")).ok(t, "create", "--dry-run=server", "-o", "yaml", "-f", "-"), "ttl: 720h", "uid:")
		shows(t, write.given(query("ask", "a")).ok(t, "apply", "--dry-run=server", "-f", "-"), "query.ark.ai/ask created (server dry run)")
		read.says(t, "", "get", "queries", "-o", "name")

		write.given(query("ask", "a")).ok(t, "apply", "-f", "-")
		before := read.ok(t, "get", "query", "ask", "-o", "json")
		shows(t, write.given(query("ask", "b")).ok(t, "apply", "--dry-run=server", "-f", "-"), "configured (server dry run)")
		write.given(query("ask", "c")).ok(t, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-")
		write.ok(t, "patch", "query", "ask", "--dry-run=server", "--type=merge", "-p", `{"spec":{"sessionId":"d"}}`)
		write.ok(t, append(setPhase("ask", "done"), "--dry-run=server")...)
		write.ok(t, "label", "query", "ask", "a=b", "--dry-run=server")
		shows(t, write.ok(t, "delete", "query", "ask", "--dry-run=server"), "deleted", "(server dry run)")
		write.ok(t, "delete", "queries", "--all", "--dry-run=server")
		if after := read.ok(t, "get", "query", "ask", "-o", "json"); after != before {
			t.Errorf("a dry run made of\n%s\nthis\n%s", before, after)
		}
	})
}

func TestDiff(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", samples)
		before := read.ok(t, "get", "ark", "-o", versions)
		if got := read.run(t, "diff", "-f", samples); got.status != 0 || got.stdout != "" {
			t.Errorf("exit status %d without a difference:\n%s%s", got.status, got.stdout, got.stderr)
		}
		got := read.given(query("packing-list", "rome-trip")).run(t, "diff", "-f", "-")
		if got.status != 1 {
			t.Errorf("exit status %d with a difference:\n%s", got.status, got.stderr)
		}
		shows(t, got.stdout, "-  sessionId: lisbon-trip", "+  sessionId: rome-trip")
		if got := read.given(query("new", "rome-trip")).run(t, "diff", "-f", "-"); got.status != 1 || !strings.Contains(got.stdout, "+  name: new") {
			t.Errorf("a new object: %+v", got)
		}
		if after := read.ok(t, "get", "ark", "-o", versions); after != before {
			t.Errorf("kubectl diff changed something. Before:\n%s\nAfter:\n%s", before, after)
		}
	})
}
