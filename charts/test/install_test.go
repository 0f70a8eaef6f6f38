package chart_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/server/certificate"
)

var (
	install = []string{"install", release, chart}
	upgrade = []string{"upgrade", release, chart}
)

// TestInCluster is what releases do in a real cluster that had nothing of Ark before. All share
// one, as it takes longer to start than they do.
func TestInCluster(t *testing.T) {
	shared := newCluster(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *cluster)
	}{
		{"everything is valid", everythingIsValid},
		{"install", installs},
		{"the source of the certificate changes", sourceOfTheCertificateChanges},
		{"servers read ConfigMaps only if told", serversReadConfigMapsOnlyIfTold},
		{"migration by Helm", migrationByHelm},
		{"install by hand", installByHand},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, shared.enter(t)) })
	}
}

// installs installs the chart into the cluster, which has no nodes: a node takes care of the pod in
// its place, and runs the server with the flags, secrets and rights that the chart gives it.
func installs(t *testing.T, c *cluster) {
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
	pod.awaitServed(t, installed)
	for _, again := range [][]string{upgrade, upgrade, {"rollback", release, "1"}} {
		if drift := c.drift(t, values); drift != "" {
			t.Errorf("rendered again, the chart would change what runs:\n%s", drift)
		}
		if again[0] == "rollback" {
			c.helm(t, again)
		} else {
			c.helm(t, again, values)
		}
		if kept := c.certificate(t); !maps.EqualFunc(kept.Data, installed.Data, bytes.Equal) {
			t.Errorf("helm %s changed the certificate", again[0])
		}
		verified(t, installed, c.apiService(t).Spec.CABundle)
	}

	// As it is when a release is installed.
	empty := installed.DeepCopy()
	empty.Data, empty.ResourceVersion = nil, ""
	if err := c.Update(t.Context(), empty); err != nil {
		t.Fatal(err)
	}
	pod.awaitServed(t, empty)
	c.awaitAvailable(t)
	c.passHelmTest(t)

	c.uninstall(t)
	pod.stop(t)
	c.checkNothingIsLeft(t, "PersistentVolumeClaim/"+fullname+"-data")

	// The claim that was kept belongs to a release of the same name again.
	c.helm(t, install, values, `ark: {storage: {sqlite: {volume: {deleteOnUninstall: true}}}}`)
	c.uninstall(t)
	c.checkNothingIsLeft(t)
}

// sourceOfTheCertificateChanges while a server runs that wants kube-apiserver to trust another
// authority.
func sourceOfTheCertificateChanges(t *testing.T, c *cluster) {
	values := c.values(t)
	c.helm(t, install, values)
	pod := c.run(t)
	c.awaitAvailable(t)

	given := c.giveCertificate(t)
	// Helm 4 has to be told to write over what others have written. Helm 3 has no such flag.
	forced, source := append(slices.Clone(upgrade), "--force-conflicts"), `tls: {source: secret, secret: {name: `+given.Name+`}}`
	c.helm(t, forced, values, source)
	pod.stop(t)
	// The server may have added its own authority as long as it ran.
	verified(t, given, c.apiService(t).Spec.CABundle)
	c.helm(t, forced, values, source)
	if bundle := c.apiService(t).Spec.CABundle; !bytes.Equal(bundle, given.Data["ca.crt"]) {
		t.Errorf("kube-apiserver trusts others too:\n%s", bundle)
	}

	c.helm(t, upgrade, values)
	pod = c.run(t)
	c.awaitAvailable(t)
	made := c.certificate(t)
	pod.awaitServed(t, made)
	verified(t, made, c.apiService(t).Spec.CABundle)
}

// giveCertificate creates a secret with an administrator's certificate.
func (c *cluster) giveCertificate(t *testing.T) *corev1.Secret {
	t.Helper()
	authority, err := certificate.NewAuthority("company", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	issued, err := authority.Issue(&x509.Certificate{DNSNames: []string{host}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := issued.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "mine"},
		Type:       corev1.SecretTypeTLS,
		Data:       map[string][]byte{"tls.crt": issued.PEM(), "tls.key": key, "ca.crt": authority.PEM()},
	}
	if err := c.Create(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	return secret
}

// TestInstallBesideCustomResourceDefinitions is how an operator moves to the server from
// CustomResourceDefinitions, and back.
func TestInstallBesideCustomResourceDefinitions(t *testing.T) {
	c := newClusterWithDefinitions(t)
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

// everythingIsValid lets kube-apiserver decide about every kind of object that the chart has.
func everythingIsValid(t *testing.T, c *cluster) {
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
