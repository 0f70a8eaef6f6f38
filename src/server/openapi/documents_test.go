package openapi

import (
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/compatibility"
	"k8s.io/kube-openapi/pkg/spec3"

	"ark.ai/apiserver/src/server/arkgroup"
)

// TestEncode: what is sent stays the same in every form, whether it was asked for before or not,
// and what it was built of is gone.
func TestEncode(t *testing.T) {
	expect := NewWithT(t)
	server, documents := newServer(expect)
	untouched, _ := newServer(expect)
	expect.Expect(documents.built).NotTo(BeEmpty())
	built := documents.built
	expect.Expect(documents.Encode(t.Context(), server)).To(Succeed())
	expect.Expect(server.StaticOpenAPISpec.Paths).To(BeNil())
	for _, document := range built {
		expect.Expect(*document).To(Equal(spec3.OpenAPI{}))
	}

	for path, types := range map[string][]string{
		"/openapi/v2":         {"application/json", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"},
		"/openapi/v3":         {"application/json"},
		"/openapi/v3/version": {"application/json", "application/com.github.proto-openapi.spec.v3.v1.0+protobuf"},
	} {
		for _, contentType := range types {
			want := get(untouched, path, contentType)
			expect.Expect(want.Code).To(Equal(http.StatusOK), path)
			expect.Expect(want.Body.Len()).To(BeNumerically(">", 100), path)
			for range 2 {
				got := get(server, path, contentType)
				expect.Expect(got.Code).To(Equal(http.StatusOK), path)
				expect.Expect(got.Header().Get("Etag")).To(Equal(want.Header().Get("Etag")), path)
				expect.Expect(got.Body.Bytes()).To(Equal(want.Body.Bytes()), path)
			}
		}
	}
}

// newServer has no groups, but /version and /apis.
func newServer(expect *WithT) (*genericapiserver.GenericAPIServer, *Documents) {
	group, err := arkgroup.New()
	expect.Expect(err).NotTo(HaveOccurred())
	config := genericapiserver.NewConfig(group.Codecs())
	group.Document(config)
	documents := Follow(config)
	config.LoopbackClientConfig = &rest.Config{}
	config.Authorization.Authorizer = authorizerfactory.NewAlwaysAllowAuthorizer()
	config.ExternalAddress = "127.0.0.1:443"
	config.EffectiveVersion = compatibility.NewEffectiveVersionFromString("1.0", "", "")
	server, err := config.Complete(nil).New("test", genericapiserver.NewEmptyDelegate())
	expect.Expect(err).NotTo(HaveOccurred())
	server.PrepareRun()
	return server, documents
}

func get(server *genericapiserver.GenericAPIServer, path, contentType string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Accept", contentType)
	response := httptest.NewRecorder()
	server.Handler.NonGoRestfulMux.ServeHTTP(response, request)
	return response
}
