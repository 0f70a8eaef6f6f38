package standalone_test

import (
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"

	"ark.ai/apiserver/src/server/emptykinds"
)

// TestKindsOfClustersAreEmpty: what tools ask for first is answered, and can't be made.
func TestKindsOfClustersAreEmpty(t *testing.T) {
	t.Parallel()
	client := shared.dynamic
	_, lists, err := shared.clients.Discovery().ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	served := make(map[string]metav1.APIResource)
	for _, list := range lists {
		for _, resource := range list.APIResources {
			served[list.GroupVersion+"/"+resource.Name] = resource
		}
	}
	informers := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
	for _, gvr := range emptykinds.Resources() {
		name := gvr.GroupVersion().String() + "/" + gvr.Resource
		resource, ok := served[name]
		if verbs := strings.Join(resource.Verbs, " "); !ok || verbs != "get list watch" {
			t.Errorf("%s has the verbs %q", name, verbs)
		}
		objects := dynamic.ResourceInterface(client.Resource(gvr))
		if resource.Namespaced {
			objects = client.Resource(gvr).Namespace(metav1.NamespaceDefault)
		}
		list, err := objects.List(t.Context(), metav1.ListOptions{})
		if err != nil || len(list.Items) > 0 || list.GetResourceVersion() == "" {
			t.Errorf("list of %s: %v, error %v", name, list, err)
		}
		if _, err := objects.Get(t.Context(), "one", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("get of %s: error %v", name, err)
		}
		object := &unstructured.Unstructured{}
		object.SetAPIVersion(gvr.GroupVersion().String())
		object.SetKind(resource.Kind)
		object.SetName("one")
		if _, err := objects.Create(t.Context(), object, metav1.CreateOptions{}); !apierrors.IsMethodNotSupported(err) {
			t.Errorf("create of %s: error %v", name, err)
		}
		informers.ForResource(gvr)
	}
	informers.Start(t.Context().Done())
	for gvr, synced := range informers.WaitForCacheSync(t.Context().Done()) {
		if !synced {
			t.Errorf("the informer of %s does not fill", gvr)
		}
	}
}

// TestTablesOfEmptyKinds: tools draw columns before there are rows.
func TestTablesOfEmptyKinds(t *testing.T) {
	t.Parallel()
	table := &metav1.Table{}
	if err := shared.clients.CoreV1().RESTClient().Get().Resource("pods").SetHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").
		Timeout(10 * time.Second).Do(t.Context()).Into(table); err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, column := range table.ColumnDefinitions {
		columns = append(columns, column.Name)
	}
	if got := strings.Join(columns, " "); !strings.HasPrefix(got, "Name Ready Status Restarts Age") || len(table.Rows) != 0 {
		t.Errorf("columns %q, rows %v", got, table.Rows)
	}
}
