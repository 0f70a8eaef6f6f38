package standalone_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsclient "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestDiscoveryHasTheArkGroupAndKubernetes(t *testing.T) {
	t.Parallel()
	_, lists, err := shared.clients.Discovery().ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	var served []string
	for _, list := range lists {
		for _, resource := range list.APIResources {
			served = append(served, list.GroupVersion+"/"+resource.Name)
		}
	}
	for _, wanted := range []string{
		"v1/namespaces", "v1/secrets", "v1/configmaps", "v1/events", "v1/serviceaccounts", "v1/serviceaccounts/token", "v1/resourcequotas",
		"v1/services", "v1/services/status", "v1/endpoints", "discovery.k8s.io/v1/endpointslices",
		"networking.k8s.io/v1/ipaddresses", "networking.k8s.io/v1/servicecidrs",
		"rbac.authorization.k8s.io/v1/clusterroles", "coordination.k8s.io/v1/leases",
		"admissionregistration.k8s.io/v1/validatingwebhookconfigurations", "admissionregistration.k8s.io/v1/validatingadmissionpolicies",
		"admissionregistration.k8s.io/v1/mutatingadmissionpolicies",
		"apiextensions.k8s.io/v1/customresourcedefinitions", "apiregistration.k8s.io/v1/apiservices",
		"flowcontrol.apiserver.k8s.io/v1/flowschemas", "authentication.k8s.io/v1/tokenreviews", "authorization.k8s.io/v1/subjectaccessreviews",
		"certificates.k8s.io/v1/certificatesigningrequests",
		"ark.ai/v1alpha1/agents", "ark.ai/v1alpha1/agents/status", "ark.ai/v1alpha1/queries",
	} {
		if !slices.Contains(served, wanted) {
			t.Errorf("%s is not served", wanted)
		}
	}
}

func TestOpenAPIHasTheArkGroup(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/openapi/v2", "/openapi/v3/apis/ark.ai/v1alpha1"} {
		eventually(t, 10*time.Second, func(ctx context.Context) error {
			document, err := shared.clients.RESTClient().Get().AbsPath(path).SetHeader("Accept", "application/json").DoRaw(ctx)
			if err != nil {
				return err
			}
			for _, wanted := range []string{"/apis/ark.ai/v1alpha1/namespaces/{namespace}/agents", `"kind":"Agent"`} {
				if !bytes.Contains(document, []byte(wanted)) {
					return fmt.Errorf("%s has no %s", path, wanted)
				}
			}
			if bytes.Contains(document, []byte("__internal")) {
				return fmt.Errorf("%s shows the internal version", path)
			}
			return nil
		})
	}
}

func TestVersionIsKubernetes(t *testing.T) {
	t.Parallel()
	version, err := shared.clients.Discovery().ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	if version.Major != "1" || version.Minor == "0" || !strings.HasPrefix(version.GitVersion, "v1."+version.Minor+".") ||
		!strings.Contains(version.GitVersion, "+ark.") {
		t.Errorf("clients and charts can't tell which Kubernetes this is: %+v", version)
	}
}

func TestHealthChecksNameTheDatabase(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/livez", "/readyz", "/healthz"} {
		body, err := shared.clients.RESTClient().Get().AbsPath(path).Param("verbose", "").DoRaw(t.Context())
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if !strings.Contains(string(body), "[+]database ok") || strings.Contains(string(body), "etcd") {
			t.Errorf("%s:\n%s", path, body)
		}
	}
}

// A restart makes a new one.
func TestLivenessEndsWithTheLoopbackCertificate(t *testing.T) {
	t.Parallel()
	if body, err := shared.clients.RESTClient().Get().AbsPath("/livez/loopback-serving-certificate").DoRaw(t.Context()); err != nil {
		t.Errorf("%v: %s", err, body)
	}
}

func TestServerSideApplyKeepsOwners(t *testing.T) {
	t.Parallel()
	client := shared.dynamic.Resource(agents).Namespace(shared.namespace(t))
	apply := func(manager, field, value string) error {
		_, err := client.Apply(t.Context(), "writer", object("ark.ai/v1alpha1", "Agent", "writer",
			map[string]any{"spec": map[string]any{field: value}}), metav1.ApplyOptions{FieldManager: manager})
		return err
	}
	if err := apply("one", "prompt", "Write."); err != nil {
		t.Fatal(err)
	}
	if err := apply("two", "description", "Writes."); err != nil {
		t.Fatal(err)
	}
	if err := apply("two", "prompt", "Do not write."); !apierrors.IsConflict(err) {
		t.Errorf("taking over a field without force: %v, not a conflict", err)
	}
	got, err := client.Get(t.Context(), "writer", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	prompt, _, _ := unstructured.NestedString(got.Object, "spec", "prompt")
	description, _, _ := unstructured.NestedString(got.Object, "spec", "description")
	if prompt != "Write." || description != "Writes." {
		t.Errorf("prompt %q, description %q", prompt, description)
	}
}

func TestCustomResourcesOfSomebodyElse(t *testing.T) {
	t.Parallel()
	client, err := apiextensionsclient.NewForConfig(shared.config)
	if err != nil {
		t.Fatal(err)
	}
	definitions := client.ApiextensionsV1().CustomResourceDefinitions()
	_, err = definitions.Create(t.Context(), &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "boats.example.org"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "example.org",
			Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "boats", Kind: "Boat"},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{
					Type: "object",
					Properties: map[string]apiextensionsv1.JSONSchemaProps{"spec": {
						Type:       "object",
						Properties: map[string]apiextensionsv1.JSONSchemaProps{"oars": {Type: "integer"}},
					}},
				}},
			}},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}

	boats := schema.GroupVersionResource{Group: "example.org", Version: "v1", Resource: "boats"}
	namespace := shared.namespace(t)
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		_, err := shared.dynamic.Resource(boats).Namespace(namespace).Create(ctx,
			object("example.org/v1", "Boat", "dinghy", map[string]any{"spec": map[string]any{"oars": int64(2)}}), metav1.CreateOptions{})
		if apierrors.IsAlreadyExists(err) {
			return nil
		}
		return err
	})
	list, err := shared.dynamic.Resource(boats).Namespace(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 1 || list.Items[0].GetName() != "dinghy" {
		t.Errorf("boats: %v", list.Items)
	}
	eventually(t, 20*time.Second, func(context.Context) error {
		_, err := shared.clients.Discovery().ServerResourcesForGroupVersion("example.org/v1")
		return err
	})

	if err := definitions.Delete(t.Context(), "boats.example.org", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		_, err := definitions.Get(ctx, "boats.example.org", metav1.GetOptions{})
		if !apierrors.IsNotFound(err) {
			return errors.Join(errors.New("the deleted definition is still there"), err)
		}
		return nil
	})
}

func TestOversizedObjectsAreRefused(t *testing.T) {
	t.Parallel()
	client := shared.dynamic.Resource(agents).Namespace(shared.namespace(t))
	for _, megabytes := range []int{2, 4} {
		large := agent("large")
		large.Object["spec"] = map[string]any{"prompt": strings.Repeat("x", megabytes<<20)}
		_, err := client.Create(t.Context(), large, metav1.CreateOptions{})
		if !apierrors.IsRequestEntityTooLargeError(err) {
			t.Errorf("%d MiB: %v, not 413", megabytes, err)
		}
	}
}
