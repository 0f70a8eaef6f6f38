package chart_test

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"ark.ai/apiserver/docs/aggregated"
)

// host is the name that kube-apiserver verifies.
const host = fullname + "." + namespace + ".svc"

func apiService(t *testing.T, all objects) *apiregistrationv1.APIService {
	t.Helper()
	return one[*apiregistrationv1.APIService](t, all, "v1alpha1.ark.ai")
}

func documentedAPIService(t *testing.T) *apiregistrationv1.APIService {
	t.Helper()
	return decode(t, strings.Replace(aggregated.APIService, aggregated.CABundlePlaceholder, "", 1)).(*apiregistrationv1.APIService)
}

func TestAPIServiceIsAsDocumented(t *testing.T) {
	t.Parallel()
	got := apiService(t, render(t, postgresql, `fullnameOverride: ark-apiserver`))
	want := documentedAPIService(t)
	got.Spec.CABundle, want.Spec.CABundle = nil, nil
	if got.Spec.Service.Name != want.Spec.Service.Name || *got.Spec.Service.Port != *want.Spec.Service.Port {
		t.Errorf("%+v", got.Spec.Service)
	}
	got.Spec.Service, want.Spec.Service = nil, nil
	if got.Spec.String() != want.Spec.String() {
		t.Errorf("%s, not %s", got.Spec.String(), want.Spec.String())
	}
	for label, value := range want.Labels {
		if got.Labels[label] != value {
			t.Errorf("label %s is %q, not %q", label, got.Labels[label], value)
		}
	}
}

// TestGeneratedCertificateIsNotRendered: what is not rendered, nobody puts back who renders again.
func TestGeneratedCertificateIsNotRendered(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql)
	secret := one[*corev1.Secret](t, all, fullname+"-serving-certificate")
	if secret.Type != corev1.SecretTypeOpaque || len(secret.Data)+len(secret.StringData) > 0 {
		t.Errorf("it has type %s and data", secret.Type)
	}
	if bundle := apiService(t, all).Spec.CABundle; bundle != nil {
		t.Errorf("Helm would fight with the servers for the bundle %s", bundle)
	}
	own := options(t, all).ServingCertificate
	if own.Secret != namespace+"/"+secret.Name || own.Service != apiService(t, all).Spec.Service.Name {
		t.Errorf("the server is told %+v", own)
	}
	if i := slices.IndexFunc(pod(t, all).Spec.Volumes, func(volume corev1.Volume) bool { return volume.Secret != nil }); i >= 0 {
		t.Errorf("secret %s is mounted", pod(t, all).Spec.Volumes[i].Secret.SecretName)
	}
}

func TestChartRendersTheSameTwice(t *testing.T) {
	t.Parallel()
	for _, values := range []string{postgresql, sqlite} {
		first, again := rendering(t, values), rendering(t, values)
		if first != again {
			t.Errorf("rendered first\n%s\nand then\n%s", first, again)
		}
	}
}

// verified is the certificate that a client sees which trusts the authorities of the bundle, and
// them only.
func verified(t *testing.T, secret *corev1.Secret, bundle []byte) *x509.Certificate {
	t.Helper()
	pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(bundle) {
		t.Fatalf("no authority in\n%s", bundle)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}); err != nil {
		t.Errorf("kube-apiserver would not trust it: %v", err)
	}
	return leaf
}

func TestCertificateOfCertManager(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, `tls: {source: certManager}`)
	if bundle := apiService(t, all).Spec.CABundle; bundle != nil {
		t.Errorf("Helm would fight with cert-manager for the bundle %s", bundle)
	}
	if from := apiService(t, all).Annotations["cert-manager.io/inject-ca-from"]; from != namespace+"/"+fullname {
		t.Errorf("the authority is to come from %q", from)
	}
	named := all.named()
	certificate := field(t, named["Certificate/"+fullname].(*unstructured.Unstructured), "spec")
	if certificate["secretName"] != fullname+"-cert-manager-tls" || certificate["dnsNames"].([]any)[0] != host {
		t.Errorf("%v", certificate)
	}
	if secret, _ := mounted(pod(t, all).Spec, options(t, all).Recommended.SecureServing.ServerCert.CertKey.CertFile); secret != "Secret/"+certificate["secretName"].(string) {
		t.Errorf("the server uses secret %q", secret)
	}
	for _, name := range []string{"Issuer/" + fullname + "-selfsigned", "Certificate/" + fullname + "-ca", "Issuer/" + fullname} {
		if named[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
	if issuer := certificate["issuerRef"].(map[string]any); issuer["name"] != fullname || issuer["kind"] != "Issuer" {
		t.Errorf("%v", issuer)
	}

	given := render(t, postgresql, `tls: {source: certManager, certManager: {issuerRef: {name: company, kind: ClusterIssuer}}}`).named()
	issuer := field(t, given["Certificate/"+fullname].(*unstructured.Unstructured), "spec", "issuerRef")
	if issuer["name"] != "company" || issuer["kind"] != "ClusterIssuer" {
		t.Errorf("%v", issuer)
	}
	if given["Issuer/"+fullname] != nil {
		t.Error("there is an authority beside the operator's")
	}
}

func TestCertificateOfTheOperator(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, `tls: {source: secret, secret: {name: mine, caBundle: "-----BEGIN CERTIFICATE-----"}}`)
	if bundle := apiService(t, all).Spec.CABundle; string(bundle) != "-----BEGIN CERTIFICATE-----" {
		t.Errorf("%s", bundle)
	}
	if secret, _ := mounted(pod(t, all).Spec, options(t, all).Recommended.SecureServing.ServerCert.CertKey.CertFile); secret != "Secret/mine" {
		t.Errorf("the server uses secret %q", secret)
	}
	for name := range all.named() {
		if name == "Secret/mine" || name == "Secret/"+fullname+"-serving-certificate" {
			t.Errorf("%s is rendered", name)
		}
	}
}

// field is a nested object.
func field(t *testing.T, object *unstructured.Unstructured, path ...string) map[string]any {
	t.Helper()
	if object == nil {
		t.Fatal("it is not rendered")
	}
	value, found, err := unstructured.NestedMap(object.Object, path...)
	if err != nil || !found {
		t.Fatalf("%s %s has no %v: %v", object.GetKind(), object.GetName(), path, err)
	}
	return value
}
