package crdmigration

import (
	"context"
	"fmt"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ark.ai/apiserver/src/registry"
)

const (
	// startTimeout is how long servers may take to start while everybody works.
	startTimeout = 5 * time.Minute
	// defaultServicePort is where an APIService leads that names no port.
	defaultServicePort = 443
)

// awaitServers returns once every kube-apiserver reaches a server that is ready, by way of the
// Service that the APIServices name: clients would wait otherwise.
func (c *cluster) awaitServers(ctx context.Context, manifest map[string]*unstructured.Unstructured, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	spec := manifest[apiServiceName(registry.GroupVersions()[0])].Object
	namespace, _, _ := unstructured.NestedString(spec, "spec", "service", "namespace")
	name, _, _ := unstructured.NestedString(spec, "spec", "service", "name")
	port, found, _ := unstructured.NestedInt64(spec, "spec", "service", "port")
	if !found {
		port = defaultServicePort
	}
	service, err := c.core.CoreV1().Services(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("the Service that the APIServices name: %w", err)
	}
	if service.Spec.Type == corev1.ServiceTypeExternalName {
		return nil // kube-apiserver passes requests for APIServices on to these, but no others.
	}
	what := fmt.Sprintf("reach a server that is ready, by way of Service %s/%s", namespace, name)
	return c.everywhere(ctx, what, func(ctx context.Context, server *cluster) (bool, error) {
		_, err := server.core.CoreV1().Services(namespace).ProxyGet("https", name, strconv.FormatInt(port, 10), "/readyz", nil).DoRaw(ctx)
		return err == nil, err
	})
}
