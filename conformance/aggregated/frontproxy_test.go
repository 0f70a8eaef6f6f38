package aggregated_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"maps"
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
		grant(ctx, namespace, user, []string{"list"}, "queries")
		for _, server := range framework.ArkServers() {
			Eventually(func(g Gomega) {
				got := server.Get(ctx, path, claimed, certificate(framework.Env.FrontProxy))
				g.Expect(got.Code).To(Equal(http.StatusOK), got.Body)
				g.Expect(got.Body).To(ContainSubstring(`"name":"secret"`))
			}).WithTimeout(decisionTimeout).Should(Succeed())
		}
	})

	for claim, claimed := range map[string]http.Header{
		"an administrator":      {"X-Remote-User": {"admin"}, "X-Remote-Group": {"system:masters"}},
		"kube-apiserver itself": {"X-Remote-User": {"system:apiserver"}},
		"nobody":                nil,
	} {
		DescribeTable("do not count for "+claim+" with a certificate", func(ctx context.Context, forge func() *tls.Certificate) {
			for _, server := range framework.ArkServers() {
				got := server.Get(ctx, path, claimed, forge())
				Expect(got.Code).To(Equal(http.StatusUnauthorized), got.Body)
				Expect(got.Body).NotTo(ContainSubstring("secret"))
			}
		},
			Entry("of the same authority with another name", forged(func(c *x509.Certificate) { c.Subject.CommonName = "unknown-proxy" })),
			Entry("of the same authority without a name", forged(func(c *x509.Certificate) { c.Subject.CommonName = "" })),
			Entry("of the same authority with the name as one of its hosts", forged(func(c *x509.Certificate) {
				c.Subject.CommonName, c.DNSNames = "unknown-proxy", []string{proxyName}
			})),
			Entry("of the same authority with an administrator's name", forged(func(c *x509.Certificate) {
				c.Subject = pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}
			})),
			Entry("of the same authority that has expired", forged(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Second) })),
			Entry("of the same authority that is not valid yet", forged(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })),
			Entry("of the same authority for servers", forged(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })),
			Entry("of another authority with the same name", func() *tls.Certificate { return newAuthority().proxy() }),
			Entry("that nobody has signed", func() *tls.Certificate {
				nobody := newAuthority()
				return &tls.Certificate{Certificate: [][]byte{nobody.Certificate.Raw}, PrivateKey: nobody.Key}
			}),
		)
	}

	It("do not count with the certificate of a user who has kube-apiserver's name", func(ctx context.Context) {
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, http.Header{"X-Remote-User": {"admin"}, "X-Remote-Group": {"system:masters"}}, certificate(framework.Env.Namesake))
			Expect(got.Code).To(Equal(http.StatusForbidden), got.Body)
			Expect(got.Body).To(ContainSubstring(`User \"` + proxyName + `\" cannot list resource \"queries\"`))
		}
	})

	DescribeTable("name one user, whatever else there is", func(ctx context.Context, more http.Header) {
		claimed := http.Header{"X-Remote-User": {user, "admin"}}
		maps.Copy(claimed, more)
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, claimed, certificate(framework.Env.FrontProxy))
			Expect(got.Code).To(Equal(http.StatusForbidden), got.Body)
			Expect(got.Body).To(ContainSubstring(`User \"` + user + `\" cannot`))
		}
	},
		Entry("another one", nil),
		Entry("another one, and a group, with underscores", http.Header{"X_Remote_User": {"admin"}, "X_Remote_Group": {"system:masters"}}),
		Entry("headers of other proxies", http.Header{"X-Forwarded-User": {"admin"}, "Remote-User": {"admin"}, "X-Remote-Groups": {"system:masters"}}),
		Entry("extra values of a client that is trusted", http.Header{"X-Remote-Extra-Authentication.kubernetes.io%2fcredential-Id": {"admin"}}),
		Entry("somebody whom the user wants to be", http.Header{"Impersonate-User": {"admin"}, "Impersonate-Group": {"system:masters"}}),
		Entry("a token that is none", http.Header{"Authorization": {"Bearer nonsense"}}),
	)

	It("are no others with underscores", func(ctx context.Context) {
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, http.Header{"X_Remote_User": {"admin"}, "X_Remote_Group": {"system:masters"}}, certificate(framework.Env.FrontProxy))
			Expect(got.Code).To(Equal(http.StatusUnauthorized), got.Body)
		}
	})

	It("are missed when the certificate of kube-apiserver comes alone", func(ctx context.Context) {
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, nil, certificate(framework.Env.FrontProxy))
			Expect(got.Code).To(BeElementOf(http.StatusUnauthorized, http.StatusForbidden), got.Body)
			Expect(got.Body).NotTo(ContainSubstring(`"name":"secret"`))
		}
	})
})

// forged is a certificate of the front proxy's authority that is not kube-apiserver's.
func forged(change func(*x509.Certificate)) func() *tls.Certificate {
	return func() *tls.Certificate { return proxyAuthority().issue(change) }
}

// certificate is one of the environment's, for a client.
func certificate(files *environment.Certificate) *tls.Certificate {
	GinkgoHelper()
	loaded, err := tls.LoadX509KeyPair(files.CertFile, files.KeyFile)
	Expect(err).NotTo(HaveOccurred())
	return &loaded
}

// grant gives a user rights to Ark objects in a namespace.
func grant(ctx context.Context, namespace, user string, verbs []string, resources ...string) {
	GinkgoHelper()
	role, err := framework.Client.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{GenerateName: user + "-"},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"ark.ai"}, Resources: resources, Verbs: verbs}},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	_, err = framework.Client.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: role.Name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
}
