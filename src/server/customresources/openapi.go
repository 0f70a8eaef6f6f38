package customresources

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"k8s.io/apiserver/pkg/endpoints/handlers/responsewriters"
	"k8s.io/klog/v2"
	"k8s.io/kube-openapi/pkg/handler3"
	"k8s.io/kube-openapi/pkg/spec3"

	"ark.ai/apiserver/src/registry"
)

// documents are the OpenAPI v3 documents of versions that have something built in and custom
// resources: two servers have one each. (Of OpenAPI v2, the aggregator itself merges what the
// servers of the chain have.)
type documents struct {
	builtIn, custom http.Handler
	merged          *handler3.OpenAPIService

	mu sync.Mutex
	// sources are the addresses of the two documents that one was merged of. They change with the
	// content.
	sources map[string][2]string
}

const openAPIIndex = "/openapi/v3"

func newDocuments(builtIn, custom http.Handler) *documents {
	return &documents{builtIn: builtIn, custom: custom, merged: handler3.NewOpenAPIService(), sources: map[string][2]string{}}
}

// paths of the documents of versions that have something built in, as the index has them.
func paths() []string {
	var paths []string
	for _, version := range registry.GroupVersions() {
		paths = append(paths, "apis/"+version.String())
	}
	return paths
}

// ServeHTTP answers for the server that has the kinds built in.
func (d *documents) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == openAPIIndex {
		d.serveIndex(w, r)
		return
	}
	for _, path := range paths() {
		if r.URL.Path == openAPIIndex+"/"+path && d.isMerged(path) {
			d.merged.HandleGroupVersion(w, r)
			return
		}
	}
	d.builtIn.ServeHTTP(w, r)
}

func (d *documents) isMerged(path string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.sources[path]
	return ok
}

// serveIndex names the documents. The aggregator asks for it every second, for as long as the
// server runs.
func (d *documents) serveIndex(w http.ResponseWriter, r *http.Request) {
	var builtIn, custom handler3.OpenAPIV3Discovery
	if status, err := get(d.builtIn, r, &builtIn); err != nil || status != http.StatusOK {
		d.builtIn.ServeHTTP(w, r)
		return
	}
	// Without custom resources that server may have no documents at all.
	if _, err := get(d.custom, r, &custom); err != nil {
		klog.ErrorS(err, "Can't read which custom resources are documented")
	}
	for _, path := range paths() {
		address, err := d.merge(r, path, builtIn.Paths[path].ServerRelativeURL, custom.Paths[path].ServerRelativeURL)
		if err != nil {
			klog.ErrorS(err, "Can't merge what is documented of a version", "path", path)
			continue
		}
		if address != "" {
			builtIn.Paths[path] = handler3.OpenAPIV3DiscoveryGroupVersion{ServerRelativeURL: address}
		}
	}
	responsewriters.WriteRawJSON(http.StatusOK, builtIn, w)
}

// merge is the address of the document of both servers, empty if there is one document only.
func (d *documents) merge(r *http.Request, path, builtIn, custom string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	sources := [2]string{builtIn, custom}
	former, ok := d.sources[path]
	if builtIn == "" || custom == "" {
		if ok {
			delete(d.sources, path)
			d.merged.DeleteGroupVersion(path)
		}
		return "", nil
	}
	if former != sources {
		merged, err := d.mergeDocuments(r, sources)
		if err != nil {
			return "", err
		}
		d.merged.UpdateGroupVersion(path, merged)
		d.sources[path] = sources
	}
	var index handler3.OpenAPIV3Discovery
	if _, err := get(http.HandlerFunc(d.merged.HandleDiscovery), r, &index); err != nil {
		return "", err
	}
	return index.Paths[path].ServerRelativeURL, nil
}

func (d *documents) mergeDocuments(r *http.Request, sources [2]string) (*spec3.OpenAPI, error) {
	var specs [2]*spec3.OpenAPI
	for i, server := range []http.Handler{d.builtIn, d.custom} {
		address, err := url.Parse(sources[i])
		if err != nil {
			return nil, err
		}
		document := r.Clone(r.Context())
		document.URL = address
		specs[i] = &spec3.OpenAPI{}
		status, err := get(server, document, specs[i])
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK {
			return nil, fmt.Errorf("%s has status %d", sources[i], status)
		}
	}
	builtIn, custom := specs[0], specs[1]
	addMissing(builtIn.Paths.Paths, custom.Paths.Paths)
	addMissing(builtIn.Components.Schemas, custom.Components.Schemas)
	return builtIn, nil
}

// addMissing leaves what is built in as it is. Both have what all kinds refer to, such as metadata.
func addMissing[V any](builtIn, custom map[string]V) {
	for name, value := range custom {
		if _, ok := builtIn[name]; !ok {
			builtIn[name] = value
		}
	}
}

// withoutMerged keeps the server of custom resources from naming the documents that the other one
// has merged: of two, the aggregator takes either.
func (d *documents) withoutMerged(custom http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != openAPIIndex {
			custom.ServeHTTP(w, r)
			return
		}
		var index handler3.OpenAPIV3Discovery
		if status, err := get(custom, r, &index); err != nil || status != http.StatusOK {
			custom.ServeHTTP(w, r)
			return
		}
		for _, path := range paths() {
			delete(index.Paths, path)
		}
		responsewriters.WriteRawJSON(http.StatusOK, index, w)
	})
}
