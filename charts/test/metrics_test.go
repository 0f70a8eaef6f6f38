package chart_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/environment"
)

const monitored = `metrics: {serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboard: {enabled: true}}`

func TestPrometheusFindsTheServers(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, monitored)
	monitor := all.named()["ServiceMonitor/"+fullname].(*unstructured.Unstructured)
	endpoints, _, err := unstructured.NestedSlice(monitor.Object, "spec", "endpoints")
	if err != nil || len(endpoints) != 1 {
		t.Fatalf("%v: %v", endpoints, err)
	}
	service := one[*corev1.Service](t, all, fullname)
	endpoint := endpoints[0].(map[string]any)
	if endpoint["port"] != service.Spec.Ports[0].Name || endpoint["scheme"] != "https" {
		t.Errorf("%v", endpoint)
	}
	secure := endpoint["tlsConfig"].(map[string]any)
	if secure["serverName"] != host || secure["insecureSkipVerify"] != nil {
		t.Errorf("%v", secure)
	}
	selector, _, err := unstructured.NestedStringMap(monitor.Object, "spec", "selector", "matchLabels")
	if err != nil || len(selector) == 0 {
		t.Fatalf("%v: %v", selector, err)
	}
	for label, value := range selector {
		if service.Labels[label] != value {
			t.Errorf("the Service's label %s is %q, not %q", label, service.Labels[label], value)
		}
	}
}

// expressions are all PromQL of the alerts and the dashboard.
func expressions(t *testing.T, all objects) []string {
	t.Helper()
	var found []string
	for _, alert := range alerts(t, all) {
		found = append(found, alert.Expr)
	}
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal([]byte(one[*corev1.ConfigMap](t, all, fullname+"-dashboard").Data["ark-apiserver.json"]), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			found = append(found, target.Expr)
		}
	}
	return found
}

// series are the names of metrics in an expression. Those of kubelet are missing: there is none.
var series = regexp.MustCompile(`\b(aggregator|apiserver|ark|go|process)_[a-z0-9_]+`)

// storageFamilies are the metrics of the storage that a server has.
var storageFamilies = regexp.MustCompile(`(?m)^# TYPE (ark_storage_[a-z_]+) `)

// storageSeries are the metrics of the storage that a text names.
var storageSeries = regexp.MustCompile(`\bark_storage_[a-z_]+`)

// withoutSuffix is the metric that a series of a histogram is of.
func withoutSuffix(series string) string {
	for _, suffix := range []string{"_bucket", "_count", "_sum"} {
		series = strings.TrimSuffix(series, suffix)
	}
	return series
}

// checkMetrics compares what alerts, dashboard and documentation ask for with what Prometheus, as a
// service account that was given the right, finds.
func (c *cluster) checkMetrics(t *testing.T, server *process, account string) {
	t.Helper()
	if err := c.Create(t.Context(), &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: account}}); err != nil {
		t.Fatal(err)
	}
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := environment.BeServiceAccount(t.Context(), c.admin, namespace, account, kubeconfig); err != nil {
		t.Fatal(err)
	}
	prometheus, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	found := c.scrape(t, server, prometheus.BearerToken)
	admin, err := rest.HTTPClientFor(c.admin)
	if err != nil {
		t.Fatal(err)
	}
	found += get(t, admin, c.admin.Host+"/metrics", "")
	var names []string
	for _, expression := range expressions(t, render(t, sqlite, monitored)) {
		names = append(names, series.FindAllString(expression, -1)...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) < 20 {
		t.Errorf("only %d metrics are asked for: %q", len(names), names)
	}
	for _, name := range names {
		if !strings.Contains(found, "\n"+name+"{") && !strings.Contains(found, "\n"+name+" ") {
			t.Errorf("nobody has the metric %s", name)
		}
	}
	page, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range storageSeries.FindAllString(string(page), -1) {
		if !strings.Contains(found, "\n# TYPE "+withoutSuffix(name)+" ") {
			t.Errorf("docs/observability.md has the metric %s, and no server has", name)
		}
	}
	for _, family := range storageFamilies.FindAllStringSubmatch(found, -1) {
		if !strings.Contains(string(page), "| `"+family[1]) {
			t.Errorf("docs/observability.md has no word on %s", family[1])
		}
		if !slices.ContainsFunc(names, func(name string) bool {
			return withoutSuffix(name) == family[1]
		}) {
			t.Errorf("neither the dashboard nor an alert has the metric %s", family[1])
		}
	}
	if said := c.scrapeStatus(t, server, ""); said != http.StatusForbidden && said != http.StatusUnauthorized {
		t.Errorf("without a token there is status %d", said)
	}
}

// scrape reads the metrics as the ServiceMonitor tells Prometheus to.
func (c *cluster) scrape(t *testing.T, server *process, token string) string {
	t.Helper()
	return get(t, c.scraper(t), fmt.Sprintf("https://%s/metrics", server.address), token)
}

func (c *cluster) scrapeStatus(t *testing.T, server *process, token string) int {
	t.Helper()
	status, _ := do(t, c.scraper(t), fmt.Sprintf("https://%s/metrics", server.address), token)
	return status
}

func (c *cluster) scraper(t *testing.T) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.certificate(t).Data["ca.crt"])
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: host}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, url, token string) string {
	t.Helper()
	status, body := do(t, client, url, token)
	if status != http.StatusOK {
		t.Fatalf("%s: %d\n%s", url, status, body)
	}
	return "\n" + body
}

func do(t *testing.T, client *http.Client, url, token string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
