package main

import (
	"encoding/json"
	"net/http"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// addInspection serves what the cache holds, beside the metrics: for each kind the resource
// versions by namespace and name.
func addInspection(mgr ctrl.Manager, _ client.Client, _ *options) error {
	cached := mgr.GetCache()
	return mgr.AddMetricsServerExtraHandler("/cache", http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		content := map[string]map[string]string{}
		for kind, list := range map[string]client.ObjectList{
			"Agent": &v1alpha1.AgentList{}, "Model": &v1alpha1.ModelList{}, "Query": &v1alpha1.QueryList{}, "Memory": memoryMetadataList(),
		} {
			if err := cached.List(request.Context(), list); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			content[kind] = versions(list)
		}
		_ = json.NewEncoder(w).Encode(content)
	}))
}

func versions(list client.ObjectList) map[string]string {
	versions := map[string]string{}
	_ = meta.EachListItem(list, func(item runtime.Object) error {
		o := item.(metav1.Object)
		versions[o.GetNamespace()+"/"+o.GetName()] = o.GetResourceVersion()
		return nil
	})
	return versions
}
