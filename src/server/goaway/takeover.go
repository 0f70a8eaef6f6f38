package goaway

import (
	"context"
	"crypto/tls"
	"net/http"

	"golang.org/x/net/http2"
	genericapiserver "k8s.io/apiserver/pkg/server"
)

type buildHandlerChain = func(http.Handler, *genericapiserver.Config) http.Handler

// takeOverBefore puts a handler before all others that takes over HTTP/2 when the listener asks for
// it.
func (c *Connections) takeOverBefore(build buildHandlerChain) buildHandlerChain {
	return func(handler http.Handler, config *genericapiserver.Config) http.Handler {
		chain := build(handler, config)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, private := r.Context().Value(http.LocalAddrContextKey).(*privateConn); !private {
				chain.ServeHTTP(w, r)
				return
			}
			if err := c.takeOver(r.Context().Value(http.ServerContextKey).(*http.Server)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
}

// takeOver makes a server follow what it writes to HTTP/2 connections. There must be none yet.
func (c *Connections) takeOver(server *http.Server) error {
	server.HTTP2 = c.settings()
	// h2 is told to shut down by the server that it is configured for. That can't be the one that
	// is serving already: http2 changes TLS settings, which are in use.
	var h2 http2.Server //nolint:staticcheck // what upstream uses
	shutdown := &http.Server{IdleTimeout: server.IdleTimeout}
	if err := http2.ConfigureServer(shutdown, &h2); err != nil { //nolint:staticcheck // what upstream uses
		return err
	}
	server.RegisterOnShutdown(func() { _ = shutdown.Shutdown(context.Background()) })
	server.TLSNextProto[http2.NextProtoTLS] = func(server *http.Server, conn *tls.Conn, handler http.Handler) {
		followed := &connection{Conn: conn}
		c.add(followed)
		defer c.remove(followed)
		h2.ServeConn(followed, &http2.ServeConnOpts{ //nolint:staticcheck // what upstream uses
			Context:    baseContext(handler),
			Handler:    handler,
			BaseConfig: server,
		})
	}
	return nil
}

// settings are those of SecureServingInfo.Serve.
func (c *Connections) settings() *http.HTTP2Config {
	const buffer = 256 << 10
	streams := 100
	if c.serving.HTTP2MaxStreamsPerConnection > 0 {
		streams = c.serving.HTTP2MaxStreamsPerConnection
	}
	return &http.HTTP2Config{
		MaxConcurrentStreams:          streams,
		MaxReadFrameSize:              buffer,
		MaxReceiveBufferPerStream:     buffer,
		MaxReceiveBufferPerConnection: buffer * streams,
	}
}

// baseContext is how net/http passes the context of a connection on to an implementation of HTTP/2.
func baseContext(handler http.Handler) context.Context {
	if with, ok := handler.(interface{ BaseContext() context.Context }); ok {
		return with.BaseContext()
	}
	return context.Background()
}
