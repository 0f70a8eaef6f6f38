package customresources

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/endpoints/discovery/aggregated"
)

func TestDiscoveryNamesWhatSourcesHaveTogether(t *testing.T) {
	t.Parallel()
	manager := MergeDiscovery(aggregated.NewResourceManager("apis"))
	custom := manager.WithSource(aggregated.CRDSource)
	version := func(name string, resources ...string) apidiscoveryv2.APIVersionDiscovery {
		version := apidiscoveryv2.APIVersionDiscovery{Version: name}
		for _, resource := range resources {
			version.Resources = append(version.Resources, apidiscoveryv2.APIResourceDiscovery{Resource: resource, ResponseKind: &metav1.GroupVersionKind{}})
		}
		return version
	}
	names := func(want ...string) {
		t.Helper()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/apis", nil)
		request.Header.Set("Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
		response := httptest.NewRecorder()
		manager.ServeHTTP(response, request)
		var list apidiscoveryv2.APIGroupDiscoveryList
		if err := json.Unmarshal(response.Body.Bytes(), &list); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, group := range list.Items {
			for _, version := range group.Versions {
				for _, resource := range version.Resources {
					got = append(got, group.Name+"/"+version.Version+"/"+resource.Resource)
				}
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("discovery names %v, not %v", got, want)
		}
	}

	manager.AddGroupVersion(group, version("v1alpha1", "agents"))
	custom.AddGroupVersion("example.org", version("v1", "boats"))
	names("ark.ai/v1alpha1/agents", "example.org/v1/boats")
	custom.AddGroupVersion(group, version("v1alpha1", "sonnets"))
	custom.AddGroupVersion(group, version("v9", "sonnets"))
	names("ark.ai/v1alpha1/agents", "ark.ai/v1alpha1/sonnets", "ark.ai/v9/sonnets", "example.org/v1/boats")
	// Custom resources that have been built in since, in whichever version, are not served.
	custom.AddGroupVersion(group, version("v1alpha1", "agents", "epics"))
	custom.AddGroupVersion(group, version("v9", "agents"))
	names("ark.ai/v1alpha1/agents", "ark.ai/v1alpha1/epics", "example.org/v1/boats")
	custom.RemoveGroupVersion(metav1.GroupVersion{Group: group, Version: "v1alpha1"})
	names("ark.ai/v1alpha1/agents", "example.org/v1/boats")
	custom.AddGroupVersion(group, version("v1alpha1", "sonnets"))
	custom.AddGroupVersion(group, version("v9", "sonnets"))
	custom.RemoveGroup(group)
	names("ark.ai/v1alpha1/agents", "example.org/v1/boats")
}
