package kubectl_test

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

const outageTimeout = 40 * time.Second

func TestPostgreSQLGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	postgres := postgrestest.New(t)
	server := newServer(t, t.TempDir(), onPostgreSQL(postgres.NewDatabase(t)), "--storage-driver=postgresql")
	admin := administrator(server, "default")
	admin.given(agent("before", "Rhyme.")).ok(t, "create", "-f", "-")
	watch := admin.start(t, "get", "agents", "-w", "-o", "name", "-v=6")
	watch.begins(t)
	client, address := httpClient(t, server)

	postgres.Stop(t)
	eventually(t, outageTimeout, func() error {
		if got := admin.run(t, "get", "--raw", "/readyz?verbose"); got.status == 0 || !strings.Contains(got.stderr, "[-]database failed") {
			return fmt.Errorf("/readyz: %+v", got)
		}
		return nil
	})
	shows(t, admin.ok(t, "get", "--raw", "/livez?verbose"), "livez check passed")
	agents := address + "/apis/ark.ai/v1alpha1/namespaces/default/agents"
	for _, request := range []struct{ method, url, body string }{
		{http.MethodGet, agents, ""},
		{http.MethodGet, agents + "/before", ""},
		{http.MethodPost, agents, `{"apiVersion":"ark.ai/v1alpha1","kind":"Agent","metadata":{"name":"during"}}`},
		{http.MethodDelete, agents + "/before", ""},
	} {
		status, retryAfter := do(t, client, request.method, request.url, request.body)
		if status != http.StatusServiceUnavailable || retryAfter == "" {
			t.Errorf("%s %s: status %d, Retry-After %q, want 503 and a number of seconds", request.method, request.url, status, retryAfter)
		}
	}

	postgres.Start(t)
	eventually(t, outageTimeout, func() error {
		if got := admin.run(t, "get", "--raw", "/readyz"); got.stdout != "ok" {
			return fmt.Errorf("/readyz: %+v", got)
		}
		return nil
	})
	admin.given(agent("after", "Rhyme.")).ok(t, "create", "-f", "-")
	admin.says(t, "agent.ark.ai/after\nagent.ark.ai/before", "get", "agents", "-o", "name")
	eventually(t, outageTimeout, func() error {
		select {
		case status := <-watch.done:
			if status != 0 {
				t.Errorf("the watch ends with status %d: %s", status, watch.stderr.String())
			}
			t.Log("the watch ended")
			return nil
		default:
		}
		if got := watch.stdout.String(); got != "agent.ark.ai/before\nagent.ark.ai/after\n" {
			return fmt.Errorf("the watch prints %q", got)
		}
		return nil
	})
	// Controllers heal too.
	admin.ok(t, "create", "namespace", "new")
	admin.eventuallySays(t, outageTimeout, "serviceaccount/default", "get", "serviceaccounts", "-o", "name", "--namespace=new")
	if status := server.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("SIGTERM: exit status %d", status)
	}
}

// httpClient is an administrator who sees headers and does not try again, as kubectl does.
func httpClient(t *testing.T, s *server) (client *http.Client, address string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	if client, err = rest.HTTPClientFor(config); err != nil {
		t.Fatal(err)
	}
	return client, config.Host
}

func do(t *testing.T, client *http.Client, method, url, body string) (status int, retryAfter string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer response.Body.Close()
	return response.StatusCode, response.Header.Get("Retry-After")
}
