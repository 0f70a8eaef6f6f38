package aggregated_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// decisionTimeout is for a decision about rights to be forgotten.
const decisionTimeout = 30 * time.Second

var _ = Describe("Headers that say who a user is", func() {
	const user = "jane"
	var namespace, path string
	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		path = "/apis/ark.ai/v1alpha1/namespaces/" + namespace + "/queries"
		_, err := framework.Ark.ArkV1alpha1().Queries(namespace).Create(ctx, newQuery("secret"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
	})

	It("count with the certificate of kube-apiserver, and give the rights of that user", func(ctx context.Context) {
		claimed := http.Header{"X-Remote-User": {user}}
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, claimed, certificate(framework.Env.FrontProxy))
			Expect(got.Code).To(Equal(http.StatusForbidden), got.Body)
			Expect(got.Body).To(ContainSubstring(`User \"` + user + `\" cannot list resource \"queries\"`))
		}
		letList(ctx, namespace, user)
		for _, server := range framework.ArkServers() {
			Eventually(func(g Gomega) {
				got := server.Get(ctx, path, claimed, certificate(framework.Env.FrontProxy))
				g.Expect(got.Code).To(Equal(http.StatusOK), got.Body)
				g.Expect(got.Body).To(ContainSubstring(`"name":"secret"`))
			}).WithTimeout(decisionTimeout).Should(Succeed())
		}
	})

	DescribeTable("do not count with another certificate of the same authority", func(ctx context.Context, claimed http.Header) {
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, claimed, certificate(framework.Env.UnknownProxy))
			Expect(got.Code).To(Equal(http.StatusUnauthorized), got.Body)
			Expect(got.Body).NotTo(ContainSubstring("secret"))
		}
	},
		Entry("for an administrator", http.Header{"X-Remote-User": {"admin"}, "X-Remote-Group": {"system:masters"}}),
		Entry("for kube-apiserver itself", http.Header{"X-Remote-User": {"system:apiserver"}}),
		Entry("for nobody", nil),
	)

	It("are missed when the certificate of kube-apiserver comes alone", func(ctx context.Context) {
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, nil, certificate(framework.Env.FrontProxy))
			Expect(got.Code).To(BeElementOf(http.StatusUnauthorized, http.StatusForbidden), got.Body)
			Expect(got.Body).NotTo(ContainSubstring(`"name":"secret"`))
		}
	})
})

// certificate is one of the environment's, for a client.
func certificate(files *environment.Certificate) *tls.Certificate {
	GinkgoHelper()
	loaded, err := tls.LoadX509KeyPair(files.CertFile, files.KeyFile)
	Expect(err).NotTo(HaveOccurred())
	return &loaded
}

// letList grants a user the right to list queries.
func letList(ctx context.Context, namespace, user string) {
	GinkgoHelper()
	_, err := framework.Client.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{Name: user},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"ark.ai"}, Resources: []string{"queries"}, Verbs: []string{"list"}}},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	_, err = framework.Client.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: user},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: user},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
}
