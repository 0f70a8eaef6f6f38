package goaway

import (
	"sync"
	"time"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/klog/v2"
)

// roundTrip is for how long clients that were told may still send requests that they had begun. It
// is generous: requests that come later are lost.
const roundTrip = time.Second

const hookName = "ark-announce-shutdown"

// Connections are the open HTTP/2 connections of a server.
type Connections struct {
	serving *genericapiserver.SecureServingInfo

	mu   sync.Mutex
	open map[*connection]struct{}
}

// Follow makes a server keep track of its HTTP/2 connections. Everything that the config says about
// secure serving and about handlers has to be there.
func Follow(config *genericapiserver.Config) *Connections {
	c := &Connections{serving: config.SecureServing, open: map[*connection]struct{}{}}
	if !c.serving.DisableHTTP2 {
		c.serving.Listener = &listener{Listener: c.serving.Listener}
		config.BuildHandlerChainFunc = c.takeOverBefore(config.BuildHandlerChainFunc)
	}
	return c
}

// AnnounceShutdown makes a server that stops tell its clients so, once new connections reach other
// servers, and go on until they have heard of it. The server is the one that the config was for.
func (c *Connections) AnnounceShutdown(server *genericapiserver.GenericAPIServer) error {
	if c.serving.DisableHTTP2 {
		return nil
	}
	// Hooks run from when the delay begins. Upstream waits for both, then refuses requests.
	return server.AddPreShutdownHook(hookName, func() error {
		<-time.After(server.ShutdownDelayDuration)
		c.announce()
		<-time.After(roundTrip)
		return nil
	})
}

// announce leaves alone who connects later: whoever still finds this server has nowhere else to go.
func (c *Connections) announce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	klog.V(1).InfoS("Telling clients that their connections will end", "connections", len(c.open))
	for connection := range c.open {
		// Nobody waits for a client that does not read. It ends with the connection at the latest.
		go connection.announce()
	}
}

func (c *Connections) add(connection *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[connection] = struct{}{}
}

func (c *Connections) remove(connection *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, connection)
}
