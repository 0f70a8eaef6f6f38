package indexes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/src/storage"
)

// path is where the indexes of a server are seen, dropped and made.
const path = "/indexes"

// Find asks a server for its indexes.
func Find(ctx context.Context, config *rest.Config) (indexes []storage.IndexStatus, err error) {
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	answer, err := client.RESTClient().Get().AbsPath(path).Do(ctx).Raw()
	if apierrors.IsNotFound(err) {
		return nil, fmt.Errorf("the server at %s has no %s: kube-apiserver does not pass it on, the address must be that of an ark-apiserver", config.Host, path)
	}
	if err == nil {
		err = json.Unmarshal(answer, &indexes)
	}
	if err != nil {
		return nil, fmt.Errorf("ask the server at %s for its indexes: %w", config.Host, err)
	}
	return indexes, nil
}

// Serve lets those who may see the indexes of an engine, drop one, or have one made.
func Serve(server *genericapiserver.GenericAPIServer, engine *storage.Engine) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(engine, w, r) })
	server.Handler.NonGoRestfulMux.UnlistedHandle(path, handler)
	server.Handler.NonGoRestfulMux.UnlistedHandlePrefix(path+"/", handler)
}

func serve(engine *storage.Engine, w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, path), "/")
	var found bool
	switch {
	case name == "" && r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "application/json")
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(engine.Indexes())
		return
	case name != "" && r.Method == http.MethodDelete:
		found = engine.DropIndex(schema.ParseGroupResource(name))
	case name != "" && r.Method == http.MethodPost:
		found = engine.RebuildIndex(schema.ParseGroupResource(name))
	default:
		w.Header().Set("Allow", "GET "+path+", DELETE and POST "+path+"/RESOURCE.GROUP")
		http.Error(w, "must be GET of "+path+", or DELETE or POST of one of the resources in it", http.StatusMethodNotAllowed)
		return
	}
	if !found {
		http.Error(w, fmt.Sprintf("%q has no index: %s lists what may have one", name, path), http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
