package rbac_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"maps"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	"k8s.io/client-go/rest"

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
	{"those of a front proxy, twice, in other spellings and with underscores", http.Header{
		"X-Remote-User": {"forged-user", "forged-admin"}, "x-remote-user": {"forged-admin"}, "X_Remote_User": {"forged-admin"}, "X-REMOTE-GROUP": {"system:masters"},
		"X_Remote_Group": {"system:masters"}, "x-remote-extra-scopes": {"all"},
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
	expectStranger := func(server framework.Server, got framework.Response) {
		GinkgoHelper()
		Expect(got.Code).To(Or(Equal(http.StatusUnauthorized), Equal(http.StatusForbidden)), "%s: %s", server.URL, got.Body)
		Expect(got.Body).NotTo(ContainSubstring("Be helpful."))
		Expect(got.Body).NotTo(ContainSubstring("forged"))
	}

	for _, forgery := range forgeries {
		It("without a certificate is a stranger's, whatever headers it has: "+forgery.name, func(ctx context.Context) {
			for _, server := range framework.ArkServers() {
				expectStranger(server, server.Get(ctx, path, forgery.header, nil))
			}
		})

		DescribeTable("with a certificate of an unknown authority is a stranger's, whatever headers it has: "+forgery.name,
			func(ctx context.Context, subject pkix.Name) {
				certificate := framework.NewAuthority("unknown").Issue(subject, func(*x509.Certificate) {})
				for _, server := range framework.ArkServers() {
					got := server.Get(ctx, path, forgery.header, certificate)
					expectStranger(server, got)
					Expect(got.Body).NotTo(ContainSubstring(subject.CommonName))
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
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, header, certificate)
			// It counts as the administrator's.
			Expect(got.Code).To(Equal(http.StatusOK), got.Body)
		}
	})

	It("with a service account's token gets what the account may", func(ctx context.Context) {
		header := http.Header{"Authorization": {"Bearer " + newAccount(ctx, namespace, "robot")}}
		user := robotUser(namespace)
		for _, server := range framework.ArkServers() {
			got := server.Get(ctx, path, header, nil)
			Expect(got.Code).To(Equal(http.StatusForbidden), got.Body)
			Expect(got.Body).To(ContainSubstring(`agents.ark.ai \"poet\" is forbidden: User \"%s\" cannot get resource \"agents\" in API group \"ark.ai\" in the namespace \"%s\"`, user, namespace))
		}
		grant(ctx, namespace, accountSubject(namespace, "robot"), rule(verbs("get"), "agents"))
		for _, server := range framework.ArkServers() {
			Eventually(ctx, func() int { return server.Get(ctx, path, header, nil).Code }).WithTimeout(grantTimeout).Should(Equal(http.StatusOK))
			Expect(server.Get(ctx, path, header, nil).Body).To(ContainSubstring("Be helpful."))
			Expect(server.Get(ctx, path+"/status", header, nil).Code).To(Equal(http.StatusForbidden))
			Expect(server.Get(ctx, "/apis/ark.ai/v1alpha1/agents", header, nil).Code).To(Equal(http.StatusForbidden))
		}
	})

	It("with a service account's token is of no other audience, time or account than the token's", func(ctx context.Context) {
		token := newAccount(ctx, namespace, "robot")
		grant(ctx, namespace, accountSubject(namespace, "robot"), rule(verbs("get"), "agents"))
		forgeries := []string{
			"nonsense",
			newToken(ctx, namespace, "robot", authenticationv1.TokenRequestSpec{Audiences: []string{"https://example.org"}}),
		}
		if framework.Env.ServiceAccountKey != "" {
			forgeries = append(forgeries,
				signedAgain(token, func(claims map[string]any) { claims["exp"] = time.Now().Add(-time.Minute).Unix() }),
				signedAgain(token, func(claims map[string]any) { claims["nbf"] = time.Now().Add(time.Hour).Unix() }),
				signedAgain(token, func(claims map[string]any) { claims["iss"] = "https://example.org" }),
				signedAgain(token, func(claims map[string]any) {
					claims["kubernetes.io"].(map[string]any)["serviceaccount"].(map[string]any)["name"] = "default"
				}),
			)
		}
		for _, server := range framework.ArkServers() {
			get := func(token string) framework.Response {
				return server.Get(ctx, path, http.Header{"Authorization": {"Bearer " + token}}, nil)
			}
			Eventually(ctx, func() int { return get(token).Code }).WithTimeout(grantTimeout).Should(Equal(http.StatusOK))
			for _, forgery := range forgeries {
				got := get(forgery)
				Expect(got.Code).To(Equal(http.StatusUnauthorized), "%s: %s", forgery, got.Body)
			}
		}
	})
})

var _ = Describe("A request with a token", func() {
	for _, forgery := range forgeries {
		It("is the token's at every server, whatever headers it has: "+forgery.name, func(ctx context.Context) {
			namespace := poetIn(ctx)
			header := http.Header{"Authorization": {"Bearer " + newAccount(ctx, namespace, "robot")}}
			maps.Copy(header, forgery.header)
			for _, server := range allServers() {
				got := server.Get(ctx, "/apis/ark.ai/v1alpha1/namespaces/"+namespace+"/agents/poet", header, nil)
				Expect(got.Code).To(Equal(http.StatusForbidden), got.Body)
				Expect(got.Body).To(ContainSubstring(`User \"%s\" cannot`, robotUser(namespace)), server.URL)
			}
		})
	}
})
