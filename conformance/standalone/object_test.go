package standalone_test

import (
	"context"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func newAgent(name string) *v1alpha1.Agent {
	return &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.AgentSpec{Prompt: new("Rhyme.")}}
}

// createAgent makes an agent in namespace default.
func (s *server) createAgent(ctx context.Context, name string) *v1alpha1.Agent {
	GinkgoHelper()
	created, err := s.ark().Agents(metav1.NamespaceDefault).Create(ctx, newAgent(name), metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return created
}

func (s *server) agent(ctx context.Context, name string) *v1alpha1.Agent {
	GinkgoHelper()
	got, err := s.ark().Agents(metav1.NamespaceDefault).Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return got
}

func revision(of interface{ GetResourceVersion() string }) int64 {
	GinkgoHelper()
	revision, err := strconv.ParseInt(of.GetResourceVersion(), 10, 64)
	Expect(err).NotTo(HaveOccurred())
	return revision
}

// agents are the names of those in namespace default.
func (s *server) agents(ctx context.Context) []string {
	GinkgoHelper()
	list, err := s.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, agent := range list.Items {
		names = append(names, agent.Name)
	}
	return names
}

// completesNamespace wants a new namespace to get what a controller makes in it.
func (s *server) completesNamespace(ctx context.Context, name string) {
	GinkgoHelper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	_, err := s.client().CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	s.hasServiceAccount(ctx, name)
}

// hasServiceAccount waits for a controller to make a namespace's service account.
func (s *server) hasServiceAccount(ctx context.Context, namespace string) {
	GinkgoHelper()
	Eventually(ctx, func() error {
		_, err := s.client().CoreV1().ServiceAccounts(namespace).Get(ctx, "default", metav1.GetOptions{})
		return err
	}).Should(Succeed())
}

// token is one of the service account "default" in namespace default.
func (s *server) token(ctx context.Context) string {
	GinkgoHelper()
	s.hasServiceAccount(ctx, metav1.NamespaceDefault)
	request, err := s.client().CoreV1().ServiceAccounts(metav1.NamespaceDefault).CreateToken(ctx, "default",
		&authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return request.Status.Token
}

// accepts wants the server to know who a token is.
func (s *server) accepts(ctx context.Context, token string) {
	GinkgoHelper()
	config := rest.AnonymousClientConfig(s.config())
	config.BearerToken = token
	review, err := kubernetes.NewForConfigOrDie(config).AuthenticationV1().SelfSubjectReviews().Create(ctx,
		&authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(review.Status.UserInfo.Username).To(Equal("system:serviceaccount:default:default"))
}

// watch begins to watch the agents of namespace default, those that exist included.
func (s *server) watch(ctx context.Context) <-chan watch.Event {
	GinkgoHelper()
	watching, err := s.ark().Agents(metav1.NamespaceDefault).Watch(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(watching.Stop)
	return watching.ResultChan()
}

// read is the administrator's request for text, such as "/readyz".
func (s *server) read(ctx context.Context, path string) (status int, text string) {
	GinkgoHelper()
	result := s.client().RESTClient().Get().RequestURI(path).Do(ctx)
	body, _ := result.Raw()
	result.StatusCode(&status)
	return status, string(body)
}
