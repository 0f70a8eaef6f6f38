package chart_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"ark.ai/apiserver/conformance/crds"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var (
	install = []string{"install", release, chart}
	upgrade = []string{"upgrade", release, chart}
)

// TestInstall installs the chart into a real cluster, which has no nodes: a node takes care of the
// pod in its place, and runs the server with the flags, secrets and rights that the chart gives it.
func TestInstall(t *testing.T) {
	c := newCluster(t)
	values := c.values(t)

	c.helm(t, install, values)
	if said := c.check(t, "--timeout=1s"); !strings.Contains(said, "ark-apiserver: the cluster does not serve ark.ai/v1alpha1: ") {
		t.Errorf("without a server the check says %s", said)
	}
	pod := c.run(t)
	c.awaitAvailable(t)
	c.passHelmTest(t)

	installed := c.certificate(t)
	verified(t, installed, c.apiService(t).Spec.CABundle)
	for range 2 {
		c.helm(t, upgrade, values)
		if upgraded := c.certificate(t); string(upgraded.Data["tls.crt"]) != string(installed.Data["tls.crt"]) {
			t.Error("an upgrade made another certificate")
		}
		verified(t, installed, c.apiService(t).Spec.CABundle)
	}

	// No certificate is valid for so long.
	const renewal = `tls: {generated: {renewBeforeDays: 4000}}`
	c.helm(t, upgrade, values, renewal)
	renewed := c.certificate(t)
	if string(renewed.Data["tls.crt"]) == string(installed.Data["tls.crt"]) {
		t.Error("an upgrade kept a certificate that ends soon")
	}
	bundle := c.apiService(t).Spec.CABundle
	verified(t, renewed, bundle)
	// Servers still have it.
	verified(t, installed, bundle)
	pod.mount(t, renewed)
	pod.awaitServed(t, renewed)
	c.passHelmTest(t)
	c.helm(t, upgrade, values, renewal)
	if count := authorities(c.apiService(t).Spec.CABundle); count != 2 {
		t.Errorf("after the second renewal there are %d authorities, not the new one and that before", count)
	}

	c.helm(t, []string{"rollback", release, "1"})
	if back := c.certificate(t); string(back.Data["tls.crt"]) != string(installed.Data["tls.crt"]) {
		t.Error("a rollback left the certificate")
	}
	verified(t, installed, c.apiService(t).Spec.CABundle)

	c.uninstall(t)
	pod.stop(t)
	c.checkNothingIsLeft(t, "PersistentVolumeClaim/"+fullname+"-data")

	// The claim that was kept belongs to a release of the same name again.
	c.helm(t, install, values, `ark: {storage: {sqlite: {volume: {deleteOnUninstall: true}}}}`)
	c.uninstall(t)
	c.checkNothingIsLeft(t)
}

// TestInstallBesideCustomResourceDefinitions is how an operator moves to the server from
// CustomResourceDefinitions, and back.
func TestInstallBesideCustomResourceDefinitions(t *testing.T) {
	c := newCluster(t)
	definitions, err := crds.Definitions(v1alpha1.GroupName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := envtest.InstallCRDs(c.admin, envtest.CRDInstallOptions{CRDs: definitions, MaxTime: timeout}); err != nil {
		t.Fatal(err)
	}
	c.awaitAvailable(t)
	values := c.values(t)
	if said := c.refused(t, install, values); !strings.Contains(said, `APIService "v1alpha1.ark.ai"`) || !strings.Contains(said, "exists and cannot be imported into the current release") {
		t.Errorf("helm says %s", said)
	}
	c.helm(t, append(install, "--take-ownership", "--force-conflicts"), values, `metrics: {readers: [{namespace: ark-system, name: prometheus}]}`)
	pod := c.run(t)
	c.awaitAvailable(t)
	c.passHelmTest(t)
	c.checkMetrics(t, pod, "prometheus")

	c.uninstall(t)
	pod.stop(t)
	c.await(t, "kube-apiserver serves the CustomResourceDefinitions again", func(ctx context.Context) error {
		for _, name := range apiServices {
			service := &apiregistrationv1.APIService{}
			if err := c.Get(ctx, client.ObjectKey{Name: name}, service); err != nil {
				return err
			}
			if service.Spec.Service != nil {
				return errors.New(name + " passes requests on")
			}
		}
		return nil
	})
}

// TestEverythingIsValid lets kube-apiserver decide about every kind of object that the chart has.
func TestEverythingIsValid(t *testing.T) {
	c := newCluster(t)
	c.helm(t, install, `
ark:
  apiserver:
    audit: {enabled: true, webhookSecret: a}
    watchCache: {sizes: {queries.ark.ai: 0}}
  storage:
    encryption: {secret: a}
    postgresql: {host: db.example.com, passwordSecret: a, caSecret: b, clientCertificateSecret: c}
autoscaling: {enabled: true, behavior: {scaleDown: {stabilizationWindowSeconds: 600}}}
podDisruptionBudget: {minAvailable: 50%}
networkPolicy:
  enabled: true
  ingress: {from: [{ipBlock: {cidr: 10.0.0.0/8}}]}
  egress: {enabled: true, postgresqlTo: [{podSelector: {}}], extra: [{ports: [{port: 9443}]}]}
metrics: {readers: [{namespace: monitoring, name: prometheus}], dashboard: {enabled: true}}
commonLabels: {team: ark}
extraObjects:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Release.Name }}-more"}}
`)
	c.uninstall(t)
	c.checkNothingIsLeft(t)
}
