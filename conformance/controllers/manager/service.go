package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// resolveService is the URL of a service inside its cluster.
func resolveService(ctx context.Context, reader client.Reader, namespace string, ref *v1alpha1.ServiceRef) (string, error) {
	service := &corev1.Service{}
	if err := reader.Get(ctx, client.ObjectKey{Namespace: cmp.Or(ptr.Deref(ref.Namespace, ""), namespace), Name: ref.Name}, service); err != nil {
		return "", err
	}
	wanted, path := ptr.Deref(ref.Port, ""), ptr.Deref(ref.Path, "")
	for _, port := range service.Spec.Ports {
		if wanted == "" || wanted == port.Name {
			address := fmt.Sprintf("http://%s.%s.svc.cluster.local:%d", service.Name, service.Namespace, port.Port)
			if path != "" {
				address += "/" + strings.TrimPrefix(path, "/")
			}
			return address, nil
		}
	}
	return "", fmt.Errorf("service %s has no port %s", service.Name, wanted)
}
