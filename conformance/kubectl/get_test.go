package kubectl_test

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func TestGetNoAgents(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		got := read.run(t, "get", "agents")
		if want := "No resources found in " + read.namespace + " namespace.\n"; got.status != 0 || got.stdout != "" || got.stderr != want {
			t.Errorf("got %+v, want %q on standard error", got, want)
		}
		read.says(t, "", "get", "agents", "-o", "name")
		shows(t, read.ok(t, "get", "agents", "-o", "yaml"), "items: []", "kind: List")
		shows(t, read.refused(t, "get", "agent", "nobody"), `Error from server (NotFound): agents.ark.ai "nobody" not found`)
		read.says(t, "", "get", "agent", "nobody", "--ignore-not-found")
		shows(t, read.refused(t, "get", "wizards"), `the server doesn't have a resource type "wizards"`)
	})
}

func TestGetAgentsInEveryFormat(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", sample("agent"))
		write.ok(t, "patch", "agent", "adviser", "--subresource=status", "--type=merge", "-p", available)

		wantRows(t, read.ok(t, "get", "agents"), "NAME MODEL AVAILABLE", "adviser default True", "forecaster default")
		wantRows(t, read.ok(t, "get", "agent", "adviser", "--no-headers"), "adviser default True")
		wantRows(t, read.ok(t, "get", "agents", "-o", "wide"), "NAME MODEL AVAILABLE ENGINE", "adviser default True", "forecaster default")
		wantRows(t, read.ok(t, "get", "agents.v1alpha1.ark.ai", "forecaster", "adviser"),
			"NAME MODEL AVAILABLE", "forecaster default", "adviser default True")
		shows(t, read.ok(t, "get", "agents", "--all-namespaces"), "NAMESPACE", read.namespace)
		read.says(t, "agent.ark.ai/adviser\nagent.ark.ai/forecaster", "get", "agents", "-o", "name")
		read.says(t, "adviser forecaster", "get", "agents", "-o", "jsonpath={.items[*].metadata.name}")
		read.says(t, "metric", "get", "agent", "forecaster", "-o", "go-template={{(index .spec.parameters 0).value}}")
		read.says(t, "agent.ark.ai/forecaster\nagent.ark.ai/adviser", "get", "agents", "-o", "name", "--sort-by", ".spec.description")
		if got, want := rows(read.ok(t, "get", "agents", "-o", "custom-columns=WHO:.metadata.name,MODEL:.spec.modelRef.name,UNITS:.spec.parameters[0].value")),
			[]string{"WHO MODEL UNITS", "adviser default <none>", "forecaster default metric"}; !slices.Equal(got, want) {
			t.Errorf("custom columns: %q, want %q", got, want)
		}

		var fromJSON, fromYAML unstructured.Unstructured
		if err := fromJSON.UnmarshalJSON([]byte(read.ok(t, "get", "agent", "forecaster", "-o", "json"))); err != nil {
			t.Fatal(err)
		}
		translated, err := yaml.YAMLToJSON([]byte(read.ok(t, "get", "agent", "forecaster", "-o", "yaml")))
		if err != nil {
			t.Fatal(err)
		}
		if err := fromYAML.UnmarshalJSON(translated); err != nil {
			t.Fatal(err)
		}
		for format, object := range map[string]unstructured.Unstructured{"JSON": fromJSON, "YAML": fromYAML} {
			if object.GetAPIVersion() != "ark.ai/v1alpha1" || object.GetKind() != "Agent" || object.GetUID() == "" ||
				object.GetGeneration() != 1 || object.GetManagedFields() != nil {
				t.Errorf("%s: unexpected metadata: %v", format, object)
			}
			if prompt, _, _ := unstructured.NestedString(object.Object, "spec", "prompt"); !strings.HasSuffix(prompt, "come from.\n") {
				t.Errorf("%s: prompt %q", format, prompt)
			}
		}
	})
}

func TestGetEverythingOfArk(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", samples)
		names := strings.Fields(read.ok(t, "get", "ark", "-o", "name"))
		for _, want := range []string{
			"a2aserver.ark.ai/airline", "a2atask.ark.ai/check-in", "agent.ark.ai/adviser", "agent.ark.ai/forecaster",
			"evaluation.ark.ai/packing-list", "evaluator.ark.ai/judge", "executionengine.ark.ai/langchain", "mcpserver.ark.ai/maps",
			"memory.ark.ai/default", "model.ark.ai/default", "query.ark.ai/packing-list", "query.ark.ai/packing-list-chat",
			"team.ark.ai/travel", "tool.ark.ai/forecast",
		} {
			if !slices.Contains(names, want) {
				t.Errorf("kubectl get ark does not list %s", want)
			}
		}
	})
}

func TestGetQueriesByField(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(query("one", "paris")+"---"+query("two", "paris")+"---"+query("three", "rome")).ok(t, "apply", "-f", "-")
		write.ok(t, setPhase("one", "done")...)
		write.ok(t, setPhase("two", "running")...)
		for selector, want := range map[string]string{
			"status.phase=done":                           "one",
			"status.phase==running":                       "two",
			"status.phase!=done":                          "three two",
			"status.phase=":                               "three",
			"spec.sessionId=paris":                        "one two",
			"spec.sessionId=paris,status.phase!=done":     "two",
			"spec.sessionId!=paris":                       "three",
			"spec.target.name=reporter,metadata.name=two": "two",
			"metadata.name!=one":                          "three two",
			"spec.sessionId=london":                       "",
		} {
			read.says(t, want, "get", "queries", "--field-selector", selector, "-o", "jsonpath={.items[*].metadata.name}")
		}
		shows(t, read.refused(t, "get", "queries", "--field-selector", "spec.input=x"), "BadRequest", "field label not supported: spec.input")

		// The first server's index moves with the object.
		write.ok(t, setPhase("two", "done")...)
		read.says(t, "one two", "get", "queries", "--field-selector", "status.phase=done", "-o", "jsonpath={.items[*].metadata.name}")
		read.says(t, "", "get", "queries", "--field-selector", "status.phase=running", "-o", "name")
	})
}

func TestGetQueriesByLabel(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(query("one", "a")+"---"+query("two", "a")+"---"+query("three", "a")).ok(t, "apply", "-f", "-")
		write.ok(t, "label", "query", "one", "stage=test", "team=red")
		write.ok(t, "label", "query", "two", "stage=live")
		for selector, want := range map[string]string{
			"stage=test":                    "one",
			"stage!=test":                   "three two",
			"stage in (test,live)":          "one two",
			"stage notin (test)":            "three two",
			"stage":                         "one two",
			"!stage":                        "three",
			"stage in (test,live),!team":    "two",
			"stage=test,team notin (green)": "one",
		} {
			read.says(t, want, "get", "queries", "--selector", selector, "-o", "jsonpath={.items[*].metadata.name}")
		}
		shows(t, read.refused(t, "get", "queries", "-l", "stage in test"), "unable to parse")
		if got := rows(read.ok(t, "get", "queries", "-L", "stage", "--no-headers")); len(got) != 3 || !strings.HasSuffix(got[2], " live") {
			t.Errorf("label column: %q", got)
		}
		shows(t, read.ok(t, "get", "query", "one", "--show-labels"), "stage=test,team=red")
	})
}

func TestGetInPages(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		var manifest strings.Builder
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			manifest.WriteString("---" + query(name, "pages"))
		}
		write.given(manifest.String()).ok(t, "create", "-f", "-")
		got := read.run(t, "get", "queries", "--chunk-size=2", "-o", "name", "-v=6")
		if names := strings.Fields(got.stdout); len(names) != 5 || !slices.IsSorted(names) {
			t.Errorf("got %q", names)
		}
		if pages := strings.Count(got.stderr, "limit=2"); pages != 3 {
			t.Errorf("five queries, two at a time, came in %d pages", pages)
		}
		// A selector is applied before the pages are made.
		read.says(t, "query.ark.ai/e", "get", "queries", "--chunk-size=1", "--field-selector", "metadata.name=e", "-o", "name")
	})
}

func TestGetRaw(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		shows(t, read.ok(t, "get", "--raw", "/readyz?verbose"), "[+]ping ok", "[+]database ok", "[+]shutdown ok", "readyz check passed")
		shows(t, read.ok(t, "get", "--raw", "/livez?verbose"), "livez check passed")
		read.says(t, "ok", "get", "--raw", "/healthz")
		shows(t, read.ok(t, "get", "--raw", "/metrics"), "apiserver_request_total{")
		shows(t, read.ok(t, "get", "--raw", "/version"), `"gitVersion": "v1.37.`)
		shows(t, read.ok(t, "version"), "Server Version: v1.37.")

		write.ok(t, "apply", "-f", sample("memory"))
		shows(t, read.ok(t, "get", "--raw", "/apis/ark.ai/v1alpha1/namespaces/"+read.namespace+"/memories/default"), `"kind":"Memory"`)
		shows(t, read.refused(t, "get", "--raw", "/apis/ark.ai/v1/memories"), "NotFound")
	})
}
