package crdmigration

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry"
)

// Group is that of the servers, and of the definitions if nothing else is said.
const Group = v1alpha1.GroupName

// fieldManager is who writes to the cluster.
const fieldManager = "ark-apiserver-migrate"

var apiServices = schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}

// cluster is what the migration has to do with the Kubernetes cluster.
type cluster struct {
	// from is the group of the definitions.
	from   string
	config *rest.Config
	// out is told what is waited for.
	out io.Writer

	core        kubernetes.Interface
	dynamic     dynamic.Interface
	definitions apiextensions.Interface
	metadata    metadata.Interface
	// close ends the connection that all of these share.
	close func()

	// apiservers are the kube-apiservers that have been seen; if uncounted, there are others.
	apiservers []*apiserver
	uncounted  bool
	// hung is set when one of them does not answer at once.
	hung atomic.Bool
}

func newCluster(config *rest.Config, from string, out io.Writer) (*cluster, error) {
	config = rest.CopyConfig(config)
	config.QPS = -1
	// Warnings would be those about the objects, which nobody can do anything about now.
	config.WarningHandler = rest.NoWarnings{}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	c := &cluster{from: from, config: config, out: out, close: client.CloseIdleConnections}
	if c.core, err = kubernetes.NewForConfigAndClient(config, client); err != nil {
		return nil, err
	}
	if c.dynamic, err = dynamic.NewForConfigAndClient(config, client); err != nil {
		return nil, err
	}
	if c.metadata, err = metadata.NewForConfigAndClient(config, client); err != nil {
		return nil, err
	}
	c.definitions, err = apiextensions.NewForConfigAndClient(config, client)
	return c, err
}

// definition is that of a kind.
type definition struct {
	*apiextensionsv1.CustomResourceDefinition
	kind registry.Description
}

// findDefinitions returns the definitions of kinds that the servers have, in a group or moved from
// whichever, and the names of those that the group has besides.
func (c *cluster) findDefinitions(ctx context.Context, from string) (known []definition, others []string, err error) {
	list, err := c.definitions.ApiextensionsV1().CustomResourceDefinitions().List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, nil, err
	}
	kinds := registry.Describe()
	for i := range list.Items {
		d := &list.Items[i]
		if d.Spec.Group != from && d.Annotations[servedAnnotation] == "" {
			continue
		}
		at := slices.IndexFunc(kinds, func(k registry.Description) bool { return k.Plural == d.Spec.Names.Plural })
		if at < 0 {
			others = append(others, d.Name)
			continue
		}
		known = append(known, definition{d, kinds[at]})
	}
	return known, others, nil
}

// version is the one to read objects in: that in which they are stored here, if it is served.
func (d definition) version() (schema.GroupVersionResource, error) {
	for _, ours := range d.kind.Versions {
		for _, v := range d.Spec.Versions {
			if v.Served && v.Name == ours.Version {
				return schema.GroupVersionResource{Group: d.Spec.Group, Version: v.Name, Resource: d.kind.Plural}, nil
			}
		}
	}
	return schema.GroupVersionResource{}, fmt.Errorf("CustomResourceDefinition %s serves no version that this server knows", d.Name)
}

// eachOf calls see with each object of a resource.
func (c *cluster) eachOf(ctx context.Context, resource schema.GroupVersionResource, see func(*unstructured.Unstructured) error) error {
	options := metav1.ListOptions{Limit: listPage}
	for more := true; more; more = options.Continue != "" {
		list, err := c.dynamic.Resource(resource).List(ctx, options)
		if err != nil {
			return fmt.Errorf("list %s of version %s: %w", resource.Resource, resource.Version, err)
		}
		for i := range list.Items {
			if err := see(&list.Items[i]); err != nil {
				return err
			}
		}
		options.Continue = list.GetContinue()
	}
	return nil
}

// switched reports for each APIService of the group whether it leads to a server behind
// kube-apiserver.
func (c *cluster) switched(ctx context.Context) (names []string, all bool, err error) {
	all = true
	for _, version := range registry.GroupVersions() {
		name := apiServiceName(version)
		found, err := c.dynamic.Resource(apiServices).Get(ctx, name, metav1.GetOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			return nil, false, err
		}
		if err == nil && behind(found) {
			names = append(names, name)
		} else {
			all = false
		}
	}
	return names, all, nil
}

func apiServiceName(version schema.GroupVersion) string { return version.Version + "." + version.Group }

// behind reports whether an APIService leads to a server behind kube-apiserver.
func behind(apiService *unstructured.Unstructured) bool {
	service, _, _ := unstructured.NestedMap(apiService.Object, "spec", "service")
	return service != nil
}
