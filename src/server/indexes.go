package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	genericapiserver "k8s.io/apiserver/pkg/server"

	"ark.ai/apiserver/src/storage"
)

// IndexesPath is where the indexes of a server are seen, dropped and made.
const IndexesPath = "/indexes"

// ServeIndexes lets those who may see the indexes of an engine, drop one, or have one made.
func ServeIndexes(server *genericapiserver.GenericAPIServer, engine *storage.Engine) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serveIndexes(engine, w, r) })
	server.Handler.NonGoRestfulMux.UnlistedHandle(IndexesPath, handler)
	server.Handler.NonGoRestfulMux.UnlistedHandlePrefix(IndexesPath+"/", handler)
}

func serveIndexes(engine *storage.Engine, w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, IndexesPath), "/")
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
		w.Header().Set("Allow", "GET "+IndexesPath+", DELETE and POST "+IndexesPath+"/RESOURCE.GROUP")
		http.Error(w, "must be GET of "+IndexesPath+", or DELETE or POST of one of the resources in it", http.StatusMethodNotAllowed)
		return
	}
	if !found {
		http.Error(w, fmt.Sprintf("%q has no index: %s lists what may have one", name, IndexesPath), http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
