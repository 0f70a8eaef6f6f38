package rbac_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/rest"
	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/conformance/framework"
)

// forgeries are headers by which a request claims to be from somebody.
var forgeries = []struct {
	name   string
	header http.Header
}{
	{"none", nil},
	{"those of a front proxy", http.Header{
		"X-Remote-User": {"forged-admin"}, "X-Remote-Group": {"system:masters"}, "X-Remote-Uid": {"f0"}, "X-Remote-Extra-Scopes": {"all"},
	}},
	{"those of impersonation", http.Header{"Impersonate-User": {"forged-admin"}, "Impersonate-Group": {"system:masters"}}},
	{"those of other proxies", http.Header{
		"X-Forwarded-User": {"forged-admin"}, "X-Forwarded-Groups": {"system:masters"}, "X-Ssl-Client-Cn": {"forged-admin"}, "Remote-User": {"forged-admin"},
	}},
}

var _ = Describe("A request straight to an Ark API server", func() {
	var namespace, path string
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		path = "/apis/ark.ai/v1alpha1/namespaces/" + namespace + "/agents/poet"
	})
	// expectStranger wants neither data nor trust in what the request claims.
	expectStranger := func(server server, got response) {
		GinkgoHelper()
		Expect(got.code).To(Or(Equal(http.StatusUnauthorized), Equal(http.StatusForbidden)), "%s: %s", server.url, got.body)
		Expect(got.body).NotTo(ContainSubstring("Be helpful."))
		Expect(got.body).NotTo(ContainSubstring("forged"))
	}

	for _, forgery := range forgeries {
		It("without a certificate is a stranger's, whatever headers it has: "+forgery.name, func(ctx context.Context) {
			for _, server := range arkServers() {
				expectStranger(server, get(ctx, server, path, forgery.header))
			}
		})

		DescribeTable("with a certificate of an unknown authority is a stranger's, whatever headers it has: "+forgery.name,
			func(ctx context.Context, subject pkix.Name) {
				certificate := unknownCertificate(subject)
				for _, server := range arkServers() {
					got := get(ctx, server, path, forgery.header, certificate)
					expectStranger(server, got)
					Expect(got.body).NotTo(ContainSubstring(subject.CommonName))
				}
			},
			Entry("an administrator's name", pkix.Name{CommonName: "forged-system:admin", Organization: []string{"system:masters"}}),
			Entry("a front proxy's name", pkix.Name{CommonName: "front-proxy-client"}),
			Entry("an aggregator's name", pkix.Name{CommonName: "system:kube-aggregator"}),
		)
	}

	It("with a user's certificate can't speak for others by a front proxy's headers", func(ctx context.Context) {
		administrator, err := rest.TLSConfigFor(framework.Config)
		Expect(err).NotTo(HaveOccurred())
		certificate, err := administrator.GetClientCertificate(nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(certificate.Certificate).NotTo(BeEmpty(), "the administrator has no client certificate")
		header := http.Header{"X-Remote-User": {"forged-nobody"}, "X-Remote-Group": {"forged-nobodies"}}
		for _, server := range arkServers() {
			got := get(ctx, server, path, header, *certificate)
			// It counts as the administrator's.
			Expect(got.code).To(Equal(http.StatusOK), got.body)
		}
	})

	It("with a service account's token gets what the account may", func(ctx context.Context) {
		header := http.Header{"Authorization": {"Bearer " + newAccount(ctx, namespace, "robot")}}
		user := robotUser(namespace)
		for _, server := range arkServers() {
			got := get(ctx, server, path, header)
			Expect(got.code).To(Equal(http.StatusForbidden), got.body)
			Expect(got.body).To(ContainSubstring(`agents.ark.ai \"poet\" is forbidden: User \"%s\" cannot get resource \"agents\" in API group \"ark.ai\" in the namespace \"%s\"`, user, namespace))
		}
		grant(ctx, namespace, accountSubject(namespace, "robot"), rule(verbs("get"), "agents"))
		for _, server := range arkServers() {
			Eventually(ctx, func() int { return get(ctx, server, path, header).code }).WithTimeout(grantTimeout).Should(Equal(http.StatusOK))
			Expect(get(ctx, server, path, header).body).To(ContainSubstring("Be helpful."))
			Expect(get(ctx, server, path+"/status", header).code).To(Equal(http.StatusForbidden))
			Expect(get(ctx, server, "/apis/ark.ai/v1alpha1/agents", header).code).To(Equal(http.StatusForbidden))
		}
	})

	It("with a token and a front proxy's headers is the token's", func(ctx context.Context) {
		header := http.Header{
			"Authorization": {"Bearer " + newAccount(ctx, namespace, "robot")}, "X-Remote-User": {"forged-admin"}, "X-Remote-Group": {"system:masters"},
		}
		for _, server := range arkServers() {
			got := get(ctx, server, path, header)
			expectStranger(server, got)
			Expect(got.body).To(ContainSubstring(robotUser(namespace)))
		}
	})

	It("with a bad token is refused", func(ctx context.Context) {
		for _, server := range arkServers() {
			got := get(ctx, server, path, http.Header{"Authorization": {"Bearer nonsense"}})
			Expect(got.code).To(Equal(http.StatusUnauthorized), got.body)
		}
	})
})

// unknownCertificate is a client's, from an authority that nobody knows.
func unknownCertificate(subject pkix.Name) tls.Certificate {
	GinkgoHelper()
	newKey := func() crypto.Signer {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		Expect(err).NotTo(HaveOccurred())
		return key
	}
	authorityKey, key := newKey(), newKey()
	authority, err := certutil.NewSelfSignedCACert(certutil.Config{CommonName: "unknown"}, authorityKey)
	Expect(err).NotTo(HaveOccurred())
	now := time.Now()
	encoded, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: subject, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, authority, key.Public(), authorityKey)
	Expect(err).NotTo(HaveOccurred())
	return tls.Certificate{Certificate: [][]byte{encoded, authority.Raw}, PrivateKey: key}
}
