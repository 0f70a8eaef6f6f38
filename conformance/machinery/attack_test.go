package machinery_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// attack is what a process of its own does to a server, so that what it costs a client is not
// measured.
type attack struct {
	Kubeconfig string
	// Server is attacked, or where there is none, the one in Kubeconfig.
	Server          *environment.Server
	User, Namespace string

	// Connections send a head with Headers and the beginning of a body, and read nothing. Loops
	// make requests again and again. Watches are read.
	Connections, Loops, Watches int
	Method, Resource            string
	Headers                     string
	Body                        string
	// Padding is how many bytes come after Body.
	Padding int
}

func TestMain(m *testing.M) { framework.Main(m, attack.run) }

// start has another process attack until the spec ends, with what this and the servers leave of the
// processors.
func (a attack) start(ctx context.Context, t *tenant) {
	GinkgoHelper()
	a.Kubeconfig, a.User, a.Namespace = framework.Env.Kubeconfig, t.name, t.namespace
	if len(framework.Env.Servers) > 0 {
		a.Server = &framework.Env.Servers[0]
	}
	process := framework.StartProcess(ctx, a, "chrt", "--idle", "0")
	DeferCleanup(func() {
		process.Finish()
		process.Wait()
	})
}

// run attacks until it is to end.
func (a attack) run(finished func() error) error {
	config, err := clientcmd.BuildConfigFromFlags("", a.Kubeconfig)
	if err != nil {
		return err
	}
	if a.Server != nil {
		config = a.Server.Config(config)
	}
	t := &tenant{name: a.User, namespace: a.Namespace, config: config}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	connections, err := a.begin(ctx, t)
	if err != nil {
		return err
	}
	defer func() {
		for _, connection := range connections {
			_ = connection.Close()
		}
	}()
	return finished()
}

// begin starts everything, and returns the connections that nobody reads.
func (a attack) begin(ctx context.Context, t *tenant) ([]net.Conn, error) {
	var opening errgroup.Group
	opening.SetLimit(8)
	connections := make([]net.Conn, a.Connections)
	for i := range connections {
		opening.Go(func() (err error) {
			connections[i], err = a.connect(ctx, t)
			return err
		})
	}
	const perConnection = 100
	for range a.Watches / perConnection {
		opening.Go(func() error { return a.watch(ctx, t, perConnection) })
	}
	if err := opening.Wait(); err != nil {
		return nil, err
	}
	body := a.Body + strings.Repeat("x", a.Padding)
	for range a.Loops {
		client, err := t.newClient()
		if err != nil {
			return nil, err
		}
		go func() {
			for ctx.Err() == nil {
				_, _ = t.send(ctx, client, a.Method, a.Resource, body)
			}
		}()
	}
	return connections, nil
}

// connect opens a connection that speaks HTTP/1.1, and sends the head of a request and the
// beginning of its body. Almost nothing of an answer fits into what the client has room for.
func (a attack) connect(ctx context.Context, t *tenant) (net.Conn, error) {
	host, err := url.Parse(t.config.Host)
	if err != nil {
		return nil, err
	}
	configuration, err := rest.TLSConfigFor(t.config)
	if err != nil {
		return nil, err
	}
	configuration.NextProtos = []string{"http/1.1"}
	if configuration.ServerName == "" {
		configuration.ServerName = host.Hostname()
	}
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", host.Host)
	if err != nil {
		return nil, err
	}
	if err := connection.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		return nil, err
	}
	secure := tls.Client(connection, configuration)
	_, err = fmt.Fprintf(secure, "%s %s HTTP/1.1\r\nHost: %s\r\nImpersonate-User: %s\r\nContent-Type: application/json\r\n%s\r\n%s",
		a.Method, path(t.namespace, a.Resource), host.Host, t.name, a.Headers, a.Body)
	return secure, err
}

// watch begins a number of watches over one connection, and reads what they tell.
func (a attack) watch(ctx context.Context, t *tenant, watches int) error {
	client, err := t.newClient()
	if err != nil {
		return err
	}
	for range watches {
		for {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.config.Host+path(t.namespace, a.Resource), strings.NewReader(""))
			if err != nil {
				return err
			}
			response, err := client.Do(request) //nolint:bodyclose // it is, when the watch ends
			if err != nil {
				return err
			}
			if response.StatusCode == http.StatusOK {
				go func() {
					defer response.Body.Close()
					_, _ = io.Copy(io.Discard, response.Body)
				}()
				break
			}
			if err := response.Body.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}
