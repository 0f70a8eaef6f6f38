package customresources

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/endpoints/request"
	genericapiserver "k8s.io/apiserver/pkg/server"
)

// answers says its name, but to requests for one of the lists: each is of resources of a version.
func answers(name string, lists map[string]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		resources, ok := lists[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, name)
			return
		}
		list := metav1.APIResourceList{}
		for resource := range strings.FieldsSeq(resources) {
			list.APIResources = append(list.APIResources, metav1.APIResource{Name: resource})
		}
		text, err := json.Marshal(list)
		if err != nil {
			panic(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	})
}

func serve(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	builtIn := answers("built in", map[string]string{"/apis/ark.ai/v1alpha1": "agents agents/status"})
	custom := answers("custom", map[string]string{
		"/apis/ark.ai/v1alpha1": "sonnets sonnets/status teams teams/status",
		"/apis/ark.ai/v8":       "agents agents/status",
		"/apis/ark.ai/v9":       "sonnets agents",
	})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	info, err := genericapiserver.NewRequestInfoResolver(&genericapiserver.Config{}).NewRequestInfo(r)
	if err != nil {
		t.Fatal(err)
	}
	response := httptest.NewRecorder()
	server := &handler{builtIn: builtIn, custom: custom, documents: newDocuments(builtIn, custom)}
	server.ServeHTTP(response, r.WithContext(request.WithRequestInfo(r.Context(), info)))
	return response
}

func TestRequestsGoToWhoeverHasTheResource(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/apis/ark.ai/v1alpha1/agents":                              "built in",
		"/apis/ark.ai/v1alpha1/namespaces/default/agents/a/status":  "built in",
		"/apis/ark.ai/v9/agents":                                    "built in",
		"/apis/ark.ai/v1alpha1/sonnets":                             "custom",
		"/apis/ark.ai/v1alpha1/namespaces/default/sonnets/s/status": "custom",
		"/apis/ark.ai/v1alpha1/watch/namespaces/default/sonnets":    "custom",
		"/apis/ark.ai/v9/namespaces/default/sonnets":                "custom",
		"/apis/ark.ai":    "built in",
		"/apis/ark.ai/v8": "built in",
		"/apis/rbac.authorization.k8s.io/v1/clusterroles": "built in",
		"/apis/example.org/v1/namespaces/default/agents":  "built in",
		"/api/v1/namespaces/default/services":             "built in",
		"/openapi/v3/apis/ark.ai/v1alpha1":                "built in",
		"/openapi/v3/apis/apps/v1":                        "built in",
	} {
		if got := serve(t, path).Body.String(); got != want {
			t.Errorf("%s was answered by %q, not %q", path, got, want)
		}
	}
}

func TestVersionsListWhatBothHave(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/apis/ark.ai/v1alpha1": {"agents", "agents/status", "sonnets", "sonnets/status"},
		"/apis/ark.ai/v9":       {"sonnets"},
	} {
		response := serve(t, path)
		var list metav1.APIResourceList
		if err := json.Unmarshal(response.Body.Bytes(), &list); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		var got []string
		for _, resource := range list.APIResources {
			got = append(got, resource.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s lists %v, not %v", path, got, want)
		}
	}
}
