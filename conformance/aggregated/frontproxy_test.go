package aggregated_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
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
		for _, server := range framework.Env.Servers {
			status, body := getAs(ctx, server, path, framework.Env.FrontProxy, claimed)
			Expect(status).To(Equal(http.StatusForbidden), body)
			Expect(body).To(ContainSubstring(`User \"` + user + `\" cannot list resource \"queries\"`))
		}
		letList(ctx, namespace, user)
		for _, server := range framework.Env.Servers {
			Eventually(func(g Gomega) {
				status, body := getAs(ctx, server, path, framework.Env.FrontProxy, claimed)
				g.Expect(status).To(Equal(http.StatusOK), body)
				g.Expect(body).To(ContainSubstring(`"name":"secret"`))
			}).WithTimeout(decisionTimeout).Should(Succeed())
		}
	})

	DescribeTable("do not count with another certificate of the same authority", func(ctx context.Context, claimed http.Header) {
		for _, server := range framework.Env.Servers {
			status, body := getAs(ctx, server, path, framework.Env.UnknownProxy, claimed)
			Expect(status).To(Equal(http.StatusUnauthorized), body)
			Expect(body).NotTo(ContainSubstring("secret"))
		}
	},
		Entry("for an administrator", http.Header{"X-Remote-User": {"admin"}, "X-Remote-Group": {"system:masters"}}),
		Entry("for kube-apiserver itself", http.Header{"X-Remote-User": {"system:apiserver"}}),
		Entry("for nobody", nil),
	)

	It("are missed when the certificate of kube-apiserver comes alone", func(ctx context.Context) {
		for _, server := range framework.Env.Servers {
			status, body := getAs(ctx, server, path, framework.Env.FrontProxy, nil)
			Expect(status).To(BeElementOf(http.StatusUnauthorized, http.StatusForbidden), body)
			Expect(body).NotTo(ContainSubstring(`"name":"secret"`))
		}
	})
})

// getAs is a request straight to a server with a client's certificate.
func getAs(ctx context.Context, server environment.Server, path string, client *environment.Certificate, header http.Header) (status int, body string) {
	GinkgoHelper()
	certificate, err := tls.LoadX509KeyPair(client.CertFile, client.KeyFile)
	Expect(err).NotTo(HaveOccurred())
	authority, err := os.ReadFile(server.CAFile)
	Expect(err).NotTo(HaveOccurred())
	roots := x509.NewCertPool()
	Expect(roots.AppendCertsFromPEM(authority)).To(BeTrue(), server.CAFile)
	transport := &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: roots, MinVersion: tls.VersionTLS12,
		// Also if the server does not name its authority.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &certificate, nil },
	}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
	Expect(err).NotTo(HaveOccurred())
	request.Header = header.Clone()
	response, err := (&http.Client{Transport: transport}).Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	return response.StatusCode, string(text)
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
