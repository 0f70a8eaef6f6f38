package servingcertificate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	apiregistrationv1client "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset/typed/apiregistration/v1"
)

// fieldManager owns what we write, whatever else applies the same objects.
const fieldManager = "ark-apiserver"

const (
	// Others may want something else in a caBundle than we do: so often we insist.
	requestsPerSecond = 2
	requestsAtOnce    = 20
)

// cluster has the secret and the APIServices.
type cluster struct {
	core         corev1client.CoreV1Interface
	registration apiregistrationv1client.ApiregistrationV1Interface
	secret       types.NamespacedName
	service      types.NamespacedName
	apiServices  []string
}

func newCluster(options *Options, apiServices []string, config *rest.Config) (*cluster, error) {
	config = rest.CopyConfig(config)
	config.QPS, config.Burst, config.RateLimiter = requestsPerSecond, requestsAtOnce, nil
	core, err := corev1client.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	registration, err := apiregistrationv1client.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	secret := options.secret()
	service := types.NamespacedName{Namespace: secret.Namespace, Name: options.Service}
	return &cluster{core, registration, secret, service, apiServices}, nil
}

// follow calls changed whenever the secret or an APIService may have, until ctx ends. It watches
// each by its name: no more rights are needed than those on them.
func (c *cluster) follow(ctx context.Context, changed func()) {
	c.watch(ctx, c.core.RESTClient(), "secrets", c.secret, &corev1.Secret{}, changed)
	for _, name := range c.apiServices {
		c.watch(ctx, c.registration.RESTClient(), "apiservices", types.NamespacedName{Name: name}, &apiregistrationv1.APIService{}, changed)
	}
}

func (c *cluster) watch(ctx context.Context, client rest.Interface, resource string, object types.NamespacedName, kind runtime.Object, changed func()) {
	name := fields.OneTermEqualSelector(metav1.ObjectNameField, object.Name)
	_, controller := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: cache.NewListWatchFromClient(client, resource, object.Namespace, name),
		ObjectType:    kind,
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(any) { changed() },
			UpdateFunc: func(any, any) { changed() },
			DeleteFunc: func(any) { changed() },
		},
	})
	// Ends with the server.
	go controller.RunWithContext(ctx)
}

func (c *cluster) readSecret(ctx context.Context) (*corev1.Secret, error) {
	secret, err := c.core.Secrets(c.secret.Namespace).Get(ctx, c.secret.Name, metav1.GetOptions{})
	if err != nil {
		return nil, fmt.Errorf("reading secret %s, which has to exist: %w", c.secret, err)
	}
	return secret, nil
}

// writeSecret is a conflict if somebody else has written it since it was read.
func (c *cluster) writeSecret(ctx context.Context, secret *corev1.Secret) error {
	_, err := c.core.Secrets(c.secret.Namespace).Update(ctx, secret, metav1.UpdateOptions{FieldManager: fieldManager})
	if err != nil {
		return fmt.Errorf("writing secret %s: %w", c.secret, err)
	}
	return nil
}

// registrations are the APIServices that lead to our Service. An installation may create them after
// the server.
func (c *cluster) registrations(ctx context.Context) ([]*apiregistrationv1.APIService, error) {
	var ours []*apiregistrationv1.APIService
	for _, name := range c.apiServices {
		apiService, err := c.registration.APIServices().Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading APIService %s: %w", name, err)
		}
		if s := apiService.Spec.Service; s != nil && s.Namespace == c.service.Namespace && s.Name == c.service.Name {
			ours = append(ours, apiService)
		}
	}
	return ours, nil
}

// trust has kube-apiserver trust the authorities for those APIServices. It is a conflict if
// somebody else has written one since it was read.
func (c *cluster) trust(ctx context.Context, apiServices []*apiregistrationv1.APIService, authorities []byte) error {
	var errs []error
	for _, apiService := range apiServices {
		bundle := bundleWith(apiService.Spec.CABundle, authorities)
		if bundle == nil {
			continue
		}
		if err := c.patch(ctx, apiService, bundle); err != nil {
			errs = append(errs, fmt.Errorf("writing the caBundle of APIService %s: %w", apiService.Name, err))
			continue
		}
		klog.InfoS("Wrote the authorities of the serving certificate into the caBundle of an APIService", "apiService", apiService.Name)
	}
	return errors.Join(errs...)
}

func (c *cluster) patch(ctx context.Context, apiService *apiregistrationv1.APIService, bundle []byte) error {
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"resourceVersion": apiService.ResourceVersion},
		"spec":     map[string]any{"caBundle": bundle},
	})
	if err != nil {
		return err
	}
	_, err = c.registration.APIServices().Patch(ctx, apiService.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: fieldManager})
	return err
}
