package controllers

import (
	"context"

	corev1 "k8s.io/api/core/v1"

	namespacecontroller "k8s.io/kubernetes/pkg/controller/namespace"
)

// namespaceDeletion deletes what is in a namespace that is being deleted, then the namespace.
func namespaceDeletion(ctx context.Context, t *term) (func(context.Context), error) {
	const workers = 10
	client, err := t.client("namespace-controller")
	if err != nil {
		return nil, err
	}
	metadataClient, err := t.metadataClient("namespace-controller")
	if err != nil {
		return nil, err
	}
	controller := namespacecontroller.NewNamespaceController(ctx, client, metadataClient,
		client.Discovery().ServerPreferredNamespacedResources,
		t.informers.Core().V1().Namespaces(), resyncPeriod, corev1.FinalizerKubernetes)
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}
