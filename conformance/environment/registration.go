package environment

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	manifests "ark.ai/apiserver/docs/aggregated"
)

// As the manifests name them.
const (
	arkNamespace = "ark-system"
	arkName      = "ark-apiserver"
	// serviceHost is the name for which kube-apiserver wants a certificate.
	serviceHost = arkName + "." + arkNamespace + ".svc"
)

// registration makes our server part of a cluster, as an operator does by hand.
type registration struct {
	cluster *cluster
	objects client.Client
	core    *kubernetes.Clientset
}

func newRegistration(cluster *cluster) (*registration, error) {
	objects, err := client.New(cluster.admin, client.Options{})
	if err != nil {
		return nil, err
	}
	core, err := kubernetes.NewForConfig(cluster.admin)
	return &registration{cluster, objects, core}, err
}

// admit gives the server an identity with its rights. The kubeconfig is the server's.
func (r *registration) admit(ctx context.Context, kubeconfig string) error {
	if err := r.create(ctx, manifests.RBAC, readConfigMaps); err != nil {
		return err
	}
	if err := r.awaitAuthentication(ctx); err != nil {
		return err
	}
	return BeServiceAccount(ctx, r.cluster.admin, arkNamespace, arkName, kubeconfig)
}

// readConfigMaps adds ConfigMaps to the kinds of policies' parameters: suites have policies that
// name them.
func readConfigMaps(object *unstructured.Unstructured) error {
	if object.GetName() != arkName+":policy-parameters" || object.GetKind() != "ClusterRole" {
		return nil
	}
	rules, _, err := unstructured.NestedSlice(object.Object, "rules")
	if err != nil {
		return err
	}
	return unstructured.SetNestedSlice(object.Object, append(rules, map[string]any{
		"apiGroups": []any{""}, "resources": []any{"configmaps"}, "verbs": []any{"get", "list", "watch"},
	}), "rules")
}

// awaitAuthentication waits for how users are authenticated, which a new kube-apiserver publishes a
// moment after it is healthy.
func (r *registration) awaitAuthentication(ctx context.Context) error {
	return await(ctx, nil, func(ctx context.Context) error {
		_, err := r.core.CoreV1().ConfigMaps(metav1.NamespaceSystem).Get(ctx, "extension-apiserver-authentication", metav1.GetOptions{})
		return err
	})
}

// register has kube-apiserver pass requests on to a port of this machine. In a cluster the Service
// leads to pods; there are none here.
func (r *registration) register(ctx context.Context, authority []byte, port int) error {
	_, err := r.core.CoreV1().Services(arkNamespace).Create(ctx, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: arkName},
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "localhost"},
	}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	bundle := base64.StdEncoding.EncodeToString(authority)
	return r.create(ctx, strings.ReplaceAll(manifests.APIService, manifests.CABundlePlaceholder, bundle),
		func(apiService *unstructured.Unstructured) error {
			return unstructured.SetNestedField(apiService.Object, int64(port), "spec", "service", "port")
		})
}

// create creates what a manifest has, after changes.
func (r *registration) create(ctx context.Context, manifest string, changes ...func(*unstructured.Unstructured) error) error {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(manifest), len(manifest))
	for {
		object := &unstructured.Unstructured{}
		if err := decoder.Decode(object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("manifest: %w", err)
		}
		for _, change := range changes {
			if err := change(object); err != nil {
				return err
			}
		}
		if err := r.objects.Create(ctx, object); err != nil {
			return fmt.Errorf("create %s %s: %w", object.GetKind(), object.GetName(), err)
		}
	}
}
