package openapi

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/responsewriter"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Documents are those of servers with one configuration. Upstream builds them at the start and
// keeps both what it has built and, once somebody has asked, the bytes that are sent: a third of
// the heap of a server that nobody uses.
type Documents struct {
	v2 *common.Config
	v3 *common.OpenAPIV3Config

	mu    sync.Mutex
	built []*spec3.OpenAPI
}

// Follow notes what servers of the configuration build.
func Follow(config *genericapiserver.Config) *Documents {
	d := &Documents{v2: config.OpenAPIConfig, v3: config.OpenAPIV3Config}
	process := d.v3.PostProcessSpec
	d.v3.PostProcessSpec = func(document *spec3.OpenAPI) (_ *spec3.OpenAPI, err error) {
		if process != nil {
			if document, err = process(document); err != nil {
				return nil, err
			}
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.built = append(d.built, document)
		return document, nil
	}
	return d
}

// Encode has the servers, which have been prepared, encode their documents, and empties what these
// were built of: nothing reads that again. Of version 2 only the first server's are: that of custom
// resources merges its own with theirs whenever one changes.
func (d *Documents) Encode(ctx context.Context, servers ...*genericapiserver.GenericAPIServer) error {
	if err := encode(ctx, "/openapi/v2", servers[0].Handler.NonGoRestfulMux.ServeHTTP); err != nil {
		return err
	}
	for _, server := range servers {
		if server.OpenAPIV3VersionedService == nil {
			continue
		}
		// The index has a hash of each document.
		if err := encode(ctx, "/openapi/v3", server.OpenAPIV3VersionedService.HandleDiscovery); err != nil {
			return err
		}
	}
	*servers[0].StaticOpenAPISpec = spec.Swagger{}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, document := range d.built {
		*document = spec3.OpenAPI{}
	}
	d.built = nil
	// Definitions of all of Kubernetes, and what the builders have set, which refers to them.
	d.v2.Definitions, d.v2.GetOperationIDAndTagsFromRoute = nil, nil
	d.v3.Definitions, d.v3.GetOperationIDAndTagsFromRoute = nil, nil
	return nil
}

func encode(ctx context.Context, path string, serve http.HandlerFunc) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	response := responsewriter.NewInMemoryResponseWriter()
	serve(response, request)
	if code := response.RespCode(); code != http.StatusOK {
		return fmt.Errorf("encoding %s: status %d", path, code)
	}
	return nil
}
