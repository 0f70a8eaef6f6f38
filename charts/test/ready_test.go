package chart_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// ready are the chart's values for a database, which helm lint and chart-testing take.
func ready(t *testing.T, database string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chart, "ci", database+"-values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReadyValuesAreForEachDatabase(t *testing.T) {
	t.Parallel()
	var told []string
	files, err := filepath.Glob(filepath.Join(chart, "ci", "*-values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		database := strings.TrimSuffix(filepath.Base(file), "-values.yaml")
		told = append(told, database+" on "+options(t, render(t, ready(t, database))).Storage.Driver)
	}
	if want := []string{"cloudnative-pg on postgresql", "mysql on mysql", "postgresql on postgresql", "sqlite on sqlite"}; !slices.Equal(told, want) {
		t.Errorf("there are values for %q, not %q", told, want)
	}
}

// The operator names what it makes after the Cluster.
func TestReadyValuesAreForTheClusterOfTheExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../examples/cloudnative-pg/cluster.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cluster struct {
		Metadata struct{ Name, Namespace string }
		Spec     struct {
			Bootstrap struct {
				InitDB struct{ Database, Owner string } `json:"initdb"`
			}
			PostgreSQL map[string]any `json:"postgresql"`
		}
	}
	if err := yaml.Unmarshal(text, &cluster); err != nil {
		t.Fatal(err)
	}
	all := render(t, ready(t, "cloudnative-pg"))
	database, spec := options(t, all).Storage.PostgreSQL, pod(t, all).Spec
	password, passwordKey := mounted(spec, database.PasswordFile)
	authority, authorityKey := mounted(spec, database.SSLRootCert)
	name, initialized := cluster.Metadata.Name, cluster.Spec.Bootstrap.InitDB
	for what, same := range map[string][2]string{
		"namespace": {namespace, cluster.Metadata.Namespace},
		"Service":   {database.Host, name + "-rw"},
		"database":  {database.Database, initialized.Database},
		"user":      {database.Username, initialized.Owner},
		"password":  {password + " " + passwordKey, "Secret/" + name + "-app password"},
		"authority": {authority + " " + authorityKey, "Secret/" + name + "-ca ca.crt"},
		"TLS":       {database.SSLMode, "verify-full"},
	} {
		if same[0] != same[1] {
			t.Errorf("%s: the release has %q, the Cluster %q", what, same[0], same[1])
		}
	}

	// No write is lost with a node.
	page, err := os.ReadFile("../../docs/high-availability.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## CloudNativePG\n")
	_, block, _ := strings.Cut(section, "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	var documented struct {
		PostgreSQL map[string]any `json:"postgresql"`
	}
	if err := yaml.Unmarshal([]byte(block), &documented); err != nil {
		t.Fatal(err)
	}
	if settings, want := cluster.Spec.PostgreSQL, documented.PostgreSQL; len(want) == 0 || !equality.Semantic.DeepEqual(settings, want) {
		t.Errorf("the Cluster has %v, and docs/high-availability.md says %v", settings, want)
	}
}

func TestEverythingIsInTheNamespaceThatIsNamed(t *testing.T) {
	t.Parallel()
	const elsewhere = "namespaceOverride: elsewhere"
	for name, values := range map[string][]string{
		"PostgreSQL":   {postgresql, migrated, elsewhere, monitored, `metrics: {readers: [{namespace: monitoring, name: prometheus}]}`},
		"SQLite":       {sqlite, elsewhere, monitored},
		"cert-manager": {postgresql, elsewhere, `tls: {source: certManager}`},
	} {
		// Helm itself writes there by which release an object is owned.
		rendered := strings.ReplaceAll(rendering(t, values...), "meta.helm.sh/release-namespace: "+namespace, "")
		if strings.Contains(rendered, namespace) || !strings.Contains(rendered, "elsewhere") {
			t.Errorf("%s: the release's namespace is in\n%s", name, rendered)
		}
		for _, object := range render(t, values...) {
			if _, unknown := object.(*unstructured.Unstructured); unknown && object.GetNamespace() != "elsewhere" {
				t.Errorf("%s: %s is in %q", name, object.GetName(), object.GetNamespace())
			}
		}
	}
}

// TestValuesOfAnEarlierRelease have not what was added since: helm upgrade --reuse-values takes
// them as they are.
func TestValuesOfAnEarlierRelease(t *testing.T) {
	t.Parallel()
	const earlier = `
global: null
image: {registry: null}
namespaceOverride: null
schedulerName: null
hostAliases: null
hostUsers: null
automountServiceAccountToken: null
podDisruptionBudget: {unhealthyPodEvictionPolicy: null}
metrics: {prometheusRule: {runbookURL: null}}
`
	if got, want := rendering(t, postgresql, migrated, monitored, earlier), rendering(t, postgresql, migrated, monitored); got != want {
		t.Errorf("without what was added since, the chart renders\n%s", got)
	}
}
