package rbac_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"

	"ark.ai/apiserver/conformance/framework"
)

// openPaths are for everybody, closedPaths for those who have the right to them.
var (
	openPaths   = []string{"/livez", "/readyz", "/healthz"}
	closedPaths = []string{"/metrics", "/apis", "/apis/ark.ai", "/apis/ark.ai/v1alpha1", "/openapi/v2", "/openapi/v3", "/debug/pprof/", "/configz", "/logs/", "/"}
)

var _ = Describe("Somebody without credentials", func() {
	var namespace string
	BeforeEach(func(ctx context.Context) { namespace = poetIn(ctx) })

	It("has no rights", func(ctx context.Context) {
		expectOnly(ctx, ark(anonymous()), "system:anonymous", namespace)
		expectNothingEverywhere(ctx, ark(anonymous()), "system:anonymous")
	})

	It("is told so in Kubernetes' words", func(ctx context.Context) {
		response := framework.KubeconfigServer().Get(ctx, "/apis/ark.ai/v1alpha1/namespaces/"+namespace+"/agents", nil, nil)
		Expect(response.Code).To(Equal(http.StatusForbidden))
		Expect(response.Header.Get("Content-Type")).To(Equal("application/json"))
		Expect(response.Body).To(MatchJSON(`{
			"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Forbidden", "code": 403,
			"message": "agents.ark.ai is forbidden: User \"system:anonymous\" cannot list resource \"agents\" in API group \"ark.ai\" in the namespace \"` + namespace + `\"",
			"details": {"group": "ark.ai", "kind": "agents"}}`))
	})

	It("with a bad token is told nothing but that", func(ctx context.Context) {
		response := framework.KubeconfigServer().Get(ctx, "/apis/ark.ai/v1alpha1/namespaces/"+namespace+"/agents", http.Header{"Authorization": {"Bearer nonsense"}}, nil)
		Expect(response.Code).To(Equal(http.StatusUnauthorized))
		Expect(response.Body).To(MatchJSON(`{"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}`))
	})

	It("may know whether a server is well, and nothing else", func(ctx context.Context) {
		for _, server := range allServers() {
			for _, path := range openPaths {
				Expect(server.Get(ctx, path, nil, nil).Code).To(Equal(http.StatusOK), "%s%s", server.URL, path)
			}
			for _, path := range closedPaths {
				Expect(server.Get(ctx, path, nil, nil).Code).To(Or(Equal(http.StatusForbidden), Equal(http.StatusUnauthorized)), "%s%s", server.URL, path)
			}
		}
	})
})

var _ = Describe("A path that is no resource", func() {
	var namespace, user string
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		user = namespace + "-user"
	})

	It("is for those who have the right to it, at every server", func(ctx context.Context) {
		token := newAccount(ctx, namespace, "robot")
		header := http.Header{"Authorization": {"Bearer " + token}}
		for _, server := range allServers() {
			Expect(server.Get(ctx, "/metrics", header, nil).Code).To(Equal(http.StatusForbidden), server.URL)
		}
		grantEverywhere(ctx, namespace, accountSubject(namespace, "robot"), rbacv1.PolicyRule{NonResourceURLs: []string{"/metrics"}, Verbs: verbs("get")})
		for _, server := range allServers() {
			Eventually(ctx, func() int { return server.Get(ctx, "/metrics", header, nil).Code }).WithTimeout(grantTimeout).Should(Equal(http.StatusOK), server.URL)
			Expect(server.Get(ctx, "/configz", header, nil).Code).To(Equal(http.StatusForbidden), server.URL)
		}
	})

	It("is covered by a pattern that ends with *", func(ctx context.Context) {
		grantEverywhere(ctx, namespace, userSubject(user), rbacv1.PolicyRule{NonResourceURLs: []string{"/livez/*", "/metrics*"}, Verbs: verbs("get")})
		read := func(path string) error {
			return kube(impersonating(user)).CoreV1().RESTClient().Get().AbsPath(path).Do(ctx).Error()
		}
		eventuallyAllowed(ctx, func() error { return read("/livez/ping") })
		Expect(read("/metrics")).To(Succeed())
		Expect(read("/configz")).To(MatchError(ContainSubstring(`User %q cannot get path "/configz"`, user)))
	})

	It("of discovery is for everybody who is known", func(ctx context.Context) {
		resources, err := kube(impersonating(user)).Discovery().ServerResourcesForGroupVersion("ark.ai/v1alpha1")
		Expect(err).NotTo(HaveOccurred())
		Expect(resources.APIResources).NotTo(BeEmpty())
	})
})

func allServers() []framework.Server {
	return append(framework.ArkServers(), framework.KubeconfigServer())
}
