package customresources

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	apiextensionsapiserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	discoveryendpoint "k8s.io/apiserver/pkg/endpoints/discovery"
	"k8s.io/apiserver/pkg/endpoints/request"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/responsewriter"
)

// Serve makes builtIn pass requests for custom resources of the group on to custom, and speak for
// both in discovery and OpenAPI. Both are wired by then, and not yet run.
func Serve(builtIn, custom *genericapiserver.GenericAPIServer) {
	documents := newDocuments(builtIn.Handler.Director, custom.Handler.Director)
	builtIn.Handler.Director = &handler{builtIn: builtIn.Handler.Director, custom: custom.Handler.Director, documents: documents}
	custom.Handler.Director = documents.withoutMerged(custom.Handler.Director)
}

type handler struct {
	builtIn, custom http.Handler
	documents       *documents
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	info, ok := request.RequestInfoFrom(r.Context())
	switch {
	case ok && info.IsResourceRequest:
		if info.APIGroup == group && !isBuiltIn(info.Resource) {
			h.custom.ServeHTTP(w, r)
			return
		}
	case strings.HasPrefix(r.URL.Path, openAPIIndex):
		h.documents.ServeHTTP(w, r)
		return
	case strings.HasPrefix(r.URL.Path, groupPath):
		if version := strings.Trim(strings.TrimPrefix(r.URL.Path, groupPath), "/"); version != "" && !strings.Contains(version, "/") {
			h.serveVersion(version, w, r)
			return
		}
	}
	h.builtIn.ServeHTTP(w, r)
}

// serveVersion lists the resources of a version.
func (h *handler) serveVersion(version string, w http.ResponseWriter, r *http.Request) {
	var custom metav1.APIResourceList
	if status, err := get(h.custom, r, &custom); err != nil || status != http.StatusOK && status != http.StatusNotFound {
		h.custom.ServeHTTP(w, r)
		return
	}
	custom.APIResources = slices.DeleteFunc(custom.APIResources, func(resource metav1.APIResource) bool { return isBuiltIn(resource.Name) })
	if len(custom.APIResources) == 0 {
		h.builtIn.ServeHTTP(w, r)
		return
	}
	var builtIn metav1.APIResourceList
	if status, err := get(h.builtIn, r, &builtIn); err != nil || status != http.StatusOK && status != http.StatusNotFound {
		h.builtIn.ServeHTTP(w, r)
		return
	}
	resources := func() []metav1.APIResource { return append(builtIn.APIResources, custom.APIResources...) }
	discoveryendpoint.NewAPIVersionHandler(apiextensionsapiserver.Codecs, schema.GroupVersion{Group: group, Version: version},
		discoveryendpoint.APIResourceListerFunc(resources)).ServeHTTP(w, r)
}

// get decodes what a server answers to a request, if that is OK.
func get(server http.Handler, r *http.Request, into any) (status int, err error) {
	r = r.Clone(r.Context())
	r.Header = http.Header{"Accept": {"application/json"}}
	response := responsewriter.NewInMemoryResponseWriter()
	server.ServeHTTP(response, r)
	if response.RespCode() != http.StatusOK {
		return response.RespCode(), nil
	}
	if err := json.Unmarshal(response.Data(), into); err != nil {
		return http.StatusOK, fmt.Errorf("decoding the answer to %s: %w", r.URL.Path, err)
	}
	return http.StatusOK, nil
}
