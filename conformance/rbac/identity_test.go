package rbac_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// impersonating is a configuration for what the administrator does as somebody else.
func impersonating(user string, groups ...string) *rest.Config {
	config := rest.CopyConfig(framework.Config)
	config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: groups}
	return config
}

// bearing is a configuration with a token and nothing else to identify a client by.
func bearing(token string) *rest.Config {
	config := rest.AnonymousClientConfig(framework.Config)
	config.QPS = -1
	config.BearerToken = token
	return config
}

func anonymous() *rest.Config { return bearing("") }

// ark is a client for the Ark kinds.
func ark(config *rest.Config) versioned.Interface {
	GinkgoHelper()
	client, err := versioned.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())
	return client
}

// kube is a client for the other kinds.
func kube(config *rest.Config) kubernetes.Interface {
	GinkgoHelper()
	client, err := kubernetes.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())
	return client
}

// asUser is the Ark client of an impersonated user.
func asUser(user string, groups ...string) versioned.Interface {
	GinkgoHelper()
	return ark(impersonating(user, groups...))
}

func userSubject(name string) rbacv1.Subject {
	return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: name}
}

func groupSubject(name string) rbacv1.Subject {
	return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: name}
}

func accountSubject(namespace, name string) rbacv1.Subject {
	return rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}
}

// accountUser is the name that a service account has as a user.
func accountUser(namespace, name string) string {
	return "system:serviceaccount:" + namespace + ":" + name
}

// newAccount makes a service account and a token of it.
func newAccount(ctx context.Context, namespace, name string) (token string) {
	GinkgoHelper()
	_, err := framework.Client.CoreV1().ServiceAccounts(namespace).Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return newToken(ctx, namespace, name, authenticationv1.TokenRequestSpec{})
}

func newToken(ctx context.Context, namespace, account string, spec authenticationv1.TokenRequestSpec) string {
	GinkgoHelper()
	request, err := framework.Client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account, &authenticationv1.TokenRequest{Spec: spec}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(request.Status.Token).NotTo(BeEmpty())
	return request.Status.Token
}

// whoami is what the server knows about a client.
func whoami(ctx context.Context, config *rest.Config) authenticationv1.UserInfo {
	GinkgoHelper()
	review, err := kube(config).AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return review.Status.UserInfo
}
