// Package chart_test tests the Helm chart: what helm renders of it, and that it installs into a
// real cluster.
package chart_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/conformance/environment"
)

const (
	chart     = "../ark-apiserver"
	release   = "ark"
	namespace = "ark-system"
	// fullname is what the release's objects are named after.
	fullname = "ark-ark-apiserver"
)

// The least that an operator says for each database.
const (
	postgresql = `ark: {storage: {postgresql: {host: db.example.com, sslMode: prefer}}}`
	mysql      = `ark: {storage: {driver: mysql, mysql: {host: db.example.com, tlsMode: preferred}}}`
	sqlite     = `ark: {apiserver: {replicas: 1}, storage: {driver: sqlite}}`
)

// helm runs helm, with values in YAML, each document over those before.
func helm(t *testing.T, args []string, values ...string) (stdout, stderr string, err error) {
	t.Helper()
	dir := t.TempDir()
	for _, text := range values {
		file, err := os.CreateTemp(dir, "*.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--values", file.Name())
	}
	command, err := helmCommand(t.Context(), dir, args...)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err = command.Run()
	return out.String(), errs.String(), err
}

// helmCommand is helm with a folder of its own, and nothing of the user's.
func helmCommand(ctx context.Context, dir string, args ...string) (*exec.Cmd, error) {
	program, err := environment.Program("helm")
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), "HELM_CONFIG_HOME="+dir, "HELM_CACHE_HOME="+dir, "HELM_DATA_HOME="+dir, "HELM_PLUGINS="+filepath.Join(dir, "plugins"))
	return command, nil
}

// renderings has what was rendered, by its values: several tests look at the same.
var renderings sync.Map

// render returns the objects of the chart, tests included, decoded strictly: a field that
// Kubernetes does not know is an error.
func render(t *testing.T, values ...string) objects {
	t.Helper()
	key := strings.Join(values, "\n---\n")
	rendered, known := renderings.Load(key)
	if !known {
		rendered = rendering(t, values...)
		renderings.Store(key, rendered)
	}
	var found objects
	for document := range strings.SplitSeq("\n"+rendered.(string), "\n---\n") {
		if object := decode(t, document); object != nil {
			found = append(found, object)
		}
	}
	return found
}

// rendering is what helm renders, as it is.
func rendering(t *testing.T, values ...string) string {
	t.Helper()
	rendered, stderr, err := helm(t, []string{"template", release, chart, "--namespace", namespace, "--kube-version", "v1.37.0"}, values...)
	if err != nil {
		t.Fatalf("helm template: %v\n%s\nof values\n%s", err, stderr, strings.Join(values, "\n---\n"))
	}
	return rendered
}

// refusal is what helm itself says about values that the chart does not take.
func refusal(t *testing.T, values ...string) string {
	t.Helper()
	rendered, stderr, err := helm(t, []string{"template", release, chart, "--namespace", namespace}, values...)
	if err == nil {
		t.Fatalf("rendered, of values\n%s\n%s", strings.Join(values, "\n---\n"), rendered)
	}
	return stderr
}

// scheme has the kinds that the chart may have of Kubernetes.
var scheme = newScheme()

func newScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme,
		rbacv1.AddToScheme, apiregistrationv1.AddToScheme,
	} {
		utilruntime.Must(add(scheme))
	}
	return scheme
}

var strict = json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})

// decode returns nil for a document with comments only. Kinds of others than Kubernetes come
// unstructured.
func decode(t *testing.T, document string) client.Object {
	t.Helper()
	object := &unstructured.Unstructured{}
	if err := yaml.UnmarshalStrict([]byte(document), &object.Object); err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	if len(object.Object) == 0 {
		return nil
	}
	switch object.GroupVersionKind().Group {
	case "cert-manager.io", "monitoring.coreos.com":
		return object
	}
	decoded, _, err := strict.Decode([]byte(document), nil, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	return decoded.(client.Object)
}

type objects []client.Object

// named are the objects as kind/name.
func (o objects) named() map[string]client.Object {
	named := map[string]client.Object{}
	for _, object := range o {
		named[object.GetObjectKind().GroupVersionKind().Kind+"/"+object.GetName()] = object
	}
	return named
}

// one is the object of a type that has this name.
func one[T client.Object](t *testing.T, all objects, name string) T {
	t.Helper()
	for _, object := range all {
		if typed, ok := object.(T); ok && object.GetName() == name {
			return typed
		}
	}
	var none T
	t.Fatalf("no %T %s is rendered", none, name)
	return none
}

// pod is the template of the server's pods.
func pod(t *testing.T, all objects) corev1.PodTemplateSpec {
	t.Helper()
	for _, object := range all {
		switch workload := object.(type) {
		case *appsv1.Deployment:
			return workload.Spec.Template
		case *appsv1.StatefulSet:
			return workload.Spec.Template
		}
	}
	t.Fatal("no Deployment and no StatefulSet is rendered")
	return corev1.PodTemplateSpec{}
}
