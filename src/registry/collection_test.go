package registry

import (
	"fmt"
	"sync"
	"testing"

	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"

	"ark.ai/apiserver/src/storage/storagetest"
)

// TestDeleteCollectionTogether: the objects of a collection are deleted in far fewer commits than
// there are objects.
func TestDeleteCollectionTogether(t *testing.T) {
	const objects = 400
	engine := openEngine(t)
	queries := newStorage(t, engine, false)["v1alpha1"]["queries"]
	ctx := genericapirequest.WithNamespace(t.Context(), "default")
	var creating sync.WaitGroup
	for i := range objects {
		creating.Go(func() {
			query := newQuery(fmt.Sprintf("q%d", i), "s")
			if _, err := queries.(rest.Creater).Create(ctx, query, rest.ValidateAllObjectFunc, &metav1.CreateOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	creating.Wait()
	commits := func() float64 {
		t.Helper()
		count, ok := storagetest.Metric(t, engine, "generic_storage_commit_batch_writes")
		if !ok {
			t.Fatal("commits are not counted")
		}
		return count
	}
	before := commits()
	_, err := queries.(rest.CollectionDeleter).DeleteCollection(ctx, rest.ValidateAllObjectFunc, &metav1.DeleteOptions{}, &metainternalversion.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if made := commits() - before; made > objects/4 {
		t.Errorf("the deletion of %d objects took %.0f commits", objects, made)
	}
}
