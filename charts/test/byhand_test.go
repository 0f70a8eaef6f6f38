package chart_test

import (
	"fmt"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/docs/aggregated"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestServerByHandIsThatOfTheChart: what the chart knows of pods holds for those without it.
func TestServerByHandIsThatOfTheChart(t *testing.T) {
	t.Parallel()
	var byHand objects
	for document := range strings.SplitSeq(aggregated.Server, "\n---\n") {
		byHand = append(byHand, decode(t, document))
	}
	charts := render(t, ready(t, "postgresql"), `{fullnameOverride: ark-apiserver, ark: {storage: {postgresql: {caSecret: ark-postgresql}}}}`)

	got, want := options(t, byHand), options(t, charts)
	for what, same := range map[string][2]any{
		"database":    {got.Storage.PostgreSQL, want.Storage.PostgreSQL},
		"history":     {got.Storage.CompactionWindow, want.Storage.CompactionWindow},
		"certificate": {got.ServingCertificate, want.ServingCertificate},
		"shutdown":    {got.Run, want.Run},
		"port":        {got.Recommended.SecureServing.BindPort, want.Recommended.SecureServing.BindPort},
	} {
		if !reflect.DeepEqual(same[0], same[1]) {
			t.Errorf("%s: %+v, and the chart's %+v", what, same[0], same[1])
		}
	}
	deployment, charted := one[*appsv1.Deployment](t, byHand, "ark-apiserver").Spec, one[*appsv1.Deployment](t, charts, "ark-apiserver").Spec
	specs := [2]corev1.PodSpec{deployment.Template.Spec, charted.Template.Spec}
	for _, spec := range specs {
		spec.Containers[0].Args, spec.Containers[0].Image = nil, ""
		for i := range spec.TopologySpreadConstraints {
			spec.TopologySpreadConstraints[i].LabelSelector = nil
		}
	}
	if !reflect.DeepEqual(specs[0], specs[1]) {
		t.Errorf("the pod is\n%+v\nand the chart's\n%+v", specs[0], specs[1])
	}
	if !reflect.DeepEqual(deployment.Strategy, charted.Strategy) || *deployment.Replicas != *charted.Replicas {
		t.Errorf("%+v, and the chart's %+v", deployment, charted)
	}
	service, chartService := one[*corev1.Service](t, byHand, "ark-apiserver").Spec, one[*corev1.Service](t, charts, "ark-apiserver").Spec
	if !reflect.DeepEqual(service.Ports, chartService.Ports) || !reflect.DeepEqual(service.Selector, deployment.Selector.MatchLabels) {
		t.Errorf("%+v, and the chart's %+v", service, chartService)
	}
}

// installByHand applies what docs/aggregated.md names, in a cluster that enforces the strictest
// standard for pods. It comes last: its roles stay.
func installByHand(t *testing.T, c *cluster) {
	database := postgrestest.New(t).NewDatabase(t)
	database.Exec(t, fmt.Sprintf("CREATE ROLE ark LOGIN PASSWORD 'secret'; GRANT CREATE ON DATABASE %s TO ark", database.Name))
	c.apply(t, aggregated.RBAC)
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "ark-postgresql"},
		StringData: map[string]string{"password": "secret", "ca.crt": "of no use to a database without TLS"},
	}
	if err := c.Create(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	c.apply(t, strings.NewReplacer(
		"db.example.com", database.Host, "6443", fmt.Sprint(c.port), "postgresql-database=ark", "postgresql-database="+database.Name,
		"5432", fmt.Sprint(database.Port), "verify-full", "disable",
	).Replace(aggregated.Server))
	pod := c.awaitPodOf(t, "app.kubernetes.io/name", "ark-apiserver")
	args := slices.DeleteFunc(c.mountDatabase(t, pod.Spec), func(arg string) bool { return strings.HasPrefix(arg, "--postgresql-sslrootcert=") })
	c.start(t, pod, args)
	c.apply(t, withoutAuthority(aggregated.APIService))
	c.awaitAvailable(t)
	if said := c.check(t); !strings.Contains(said, "It was read, deleted, and a watch told of that.") {
		t.Errorf("the check says %s", said)
	}
}

// withoutAuthority is what the documented sed makes of a manifest.
func withoutAuthority(manifest string) string {
	lines := slices.Collect(strings.Lines(manifest))
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, aggregated.CABundlePlaceholder) }), "")
}

// apply runs kubectl apply.
func (c *cluster) apply(t *testing.T, manifest string) {
	t.Helper()
	kubectl, err := environment.Program("kubectl")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), kubectl, "apply", "--kubeconfig", c.kubeconfig, "--filename", "-")
	command.Stdin = strings.NewReader(manifest)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("kubectl apply: %v\n%s\nof\n%s", err, output, manifest)
	}
}
