package goaway

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/cert"
	"k8s.io/component-base/compatibility"
)

// testServer is one of upstream's that serves over TLS.
type testServer struct {
	address     string
	connections *Connections
	stop        context.CancelFunc
	// stopped gets what the server returned.
	stopped chan error
	// hooks are the names of those that run before it shuts down.
	hooks []string
}

type change func(*genericapiserver.Config)

func withHandler(handler http.HandlerFunc) change {
	return func(config *genericapiserver.Config) {
		config.BuildHandlerChainFunc = func(http.Handler, *genericapiserver.Config) http.Handler { return handler }
	}
}

// start a server, which stops with the test. Without follow it is as upstream made it.
func start(t *testing.T, follow bool, changes ...change) *testServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := selfSigned(t)
	content, err := dynamiccertificates.NewStaticCertKeyContent("test", certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	config := genericapiserver.NewConfig(serializer.NewCodecFactory(runtime.NewScheme()))
	config.EffectiveVersion = compatibility.NewEffectiveVersionFromString("1.37", "", "")
	config.ExternalAddress = listener.Addr().String()
	config.LoopbackClientConfig = &rest.Config{}
	config.SecureServing = &genericapiserver.SecureServingInfo{Listener: listener, Cert: content}
	for _, change := range changes {
		change(config)
	}
	server := &testServer{address: listener.Addr().String(), stopped: make(chan error, 1)}
	if follow {
		server.connections = Follow(config)
	}
	apiServer, err := config.Complete(nil).New("test", genericapiserver.NewEmptyDelegate())
	if err != nil {
		t.Fatal(err)
	}
	if follow {
		if err := server.connections.AnnounceShutdown(apiServer); err != nil {
			t.Fatal(err)
		}
	}
	for name := range apiServer.PreShutdownHooks() {
		server.hooks = append(server.hooks, name)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	server.stop = stop
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.stopped <- apiServer.PrepareRun().RunWithContext(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return server
}

// selfSigned is the same for all tests: it takes a while to make.
func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	pair, err := generated()
	if err != nil {
		t.Fatal(err)
	}
	return pair[0], pair[1]
}

var generated = sync.OnceValues(func() (pair [2][]byte, err error) {
	pair[0], pair[1], err = cert.GenerateSelfSignedCertKey("localhost", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	return pair, err
})
