package standalone

import (
	"context"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corev1listers "k8s.io/client-go/listers/core/v1"

	"k8s.io/kubernetes/pkg/serviceaccount"
)

// tokenObjects finds what a service account token is bound to, so that the token ends with it. It
// knows no pods, nodes or webhooks, which upstream's own one would wait for.
type tokenObjects struct {
	secrets         corev1listers.SecretLister
	serviceAccounts corev1listers.ServiceAccountLister
	// client asks the server for what informers have not seen yet. It is set once there is a
	// loopback connection, before the first request.
	client kubernetes.Interface
}

// useInformers has the signature that authentication options want.
func (t *tokenObjects) useInformers(factory informers.SharedInformerFactory) serviceaccount.ServiceAccountTokenGetter {
	t.secrets = factory.Core().V1().Secrets().Lister()
	t.serviceAccounts = factory.Core().V1().ServiceAccounts().Lister()
	return t
}

func (t *tokenObjects) GetServiceAccount(ctx context.Context, namespace, name string) (*corev1.ServiceAccount, error) {
	if account, err := t.serviceAccounts.ServiceAccounts(namespace).Get(name); err == nil {
		return account, nil
	}
	return t.client.CoreV1().ServiceAccounts(namespace).Get(ctx, name, metav1.GetOptions{})
}

func (t *tokenObjects) GetSecret(ctx context.Context, namespace, name string) (*corev1.Secret, error) {
	if secret, err := t.secrets.Secrets(namespace).Get(name); err == nil {
		return secret, nil
	}
	return t.client.CoreV1().Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
}

func (t *tokenObjects) GetPod(_ context.Context, _, name string) (*corev1.Pod, error) {
	return nil, apierrors.NewNotFound(corev1.Resource("pods"), name)
}

func (t *tokenObjects) GetNode(_ context.Context, name string) (*corev1.Node, error) {
	return nil, apierrors.NewNotFound(corev1.Resource("nodes"), name)
}

func (t *tokenObjects) GetValidatingWebhookConfiguration(_ context.Context, name string) (*admissionregistrationv1.ValidatingWebhookConfiguration, error) {
	return nil, apierrors.NewNotFound(admissionregistrationv1.Resource("validatingwebhookconfigurations"), name)
}

func (t *tokenObjects) GetMutatingWebhookConfiguration(_ context.Context, name string) (*admissionregistrationv1.MutatingWebhookConfiguration, error) {
	return nil, apierrors.NewNotFound(admissionregistrationv1.Resource("mutatingwebhookconfigurations"), name)
}
