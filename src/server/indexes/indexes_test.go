package indexes

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/rest"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/sqlite"
)

// TestServe: what is not there, or can't be done, is refused with what can.
func TestServe(t *testing.T) {
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "ark.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	for request, want := range map[[2]string]int{
		{http.MethodGet, "/indexes"}:                    http.StatusOK,
		{http.MethodGet, "/indexes/"}:                   http.StatusOK,
		{http.MethodPost, "/indexes"}:                   http.StatusMethodNotAllowed,
		{http.MethodGet, "/indexes/queries.ark.ai"}:     http.StatusMethodNotAllowed,
		{http.MethodDelete, "/indexes/queries.ark.ai"}:  http.StatusNotFound,
		{http.MethodPost, "/indexes/nothing"}:           http.StatusNotFound,
		{http.MethodPut, "/indexes/queries.ark.ai"}:     http.StatusMethodNotAllowed,
		{http.MethodDelete, "/indexes/%2e%2e%2fsecret"}: http.StatusNotFound,
	} {
		answer := httptest.NewRecorder()
		serve(engine, answer, httptest.NewRequest(request[0], request[1], nil))
		if answer.Code != want {
			t.Errorf("%s %s is answered with %d, want %d", request[0], request[1], answer.Code, want)
		}
	}
}

// TestFind: where there are none to ask for, as at kube-apiserver, it says so.
func TestFind(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	indexes, err := Find(t.Context(), &rest.Config{Host: server.URL})
	if err == nil || !strings.Contains(err.Error(), "the address must be that of an ark-apiserver") {
		t.Errorf("got %+v, error %v", indexes, err)
	}
}
