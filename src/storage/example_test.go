package storage_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/sqlite"
)

// Somebody else's type on SQLite. A generic API server does the same for all its resources with
// Engine.RESTOptionsGetter.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "bakery")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	backend, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, "bakery.db")})
	if err != nil {
		log.Fatal(err)
	}
	engine, err := storage.Open(ctx, backend, storage.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()

	loaves, err := engine.NewStore(storage.StoreConfig{
		GroupResource:  schema.GroupResource{Group: "bakery.example.com", Resource: "loaves"},
		ResourcePrefix: "/bakery.example.com/loaves",
		Codec:          unstructured.UnstructuredJSONScheme,
		NewFunc:        func() runtime.Object { return &unstructured.Unstructured{} },
	})
	if err != nil {
		log.Fatal(err)
	}

	rye := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "bakery.example.com/v1", "kind": "Loaf",
		"metadata": map[string]any{"name": "rye"},
		"spec":     map[string]any{"flour": "rye"},
	}}
	baked := &unstructured.Unstructured{}
	if err := loaves.Create(ctx, "/bakery.example.com/loaves/rye", rye, baked, 0); err != nil {
		log.Fatal(err)
	}
	list := &unstructured.UnstructuredList{}
	if err := loaves.GetList(ctx, "/bakery.example.com/loaves", apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}, list); err != nil {
		log.Fatal(err)
	}
	fmt.Println(list.Items[0].GetName(), "at revision", list.GetResourceVersion())
	// Output: rye at revision 2
}
