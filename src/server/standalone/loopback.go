package standalone

import (
	"errors"
	"net/http"
	"sync"
)

// loopbackGate cuts off the server's own requests to itself, once it has waited for them long
// enough. Upstream's clients try again and again while the database is away, and the end of the
// server would wait for a minute.
type loopbackGate struct {
	closed    chan struct{}
	closeOnce sync.Once
}

func newLoopbackGate() *loopbackGate {
	return &loopbackGate{closed: make(chan struct{})}
}

func (g *loopbackGate) close() {
	g.closeOnce.Do(func() { close(g.closed) })
}

// wrap is for rest.Config.Wrap.
func (g *loopbackGate) wrap(next http.RoundTripper) http.RoundTripper {
	return &gatedTransport{gate: g, next: next}
}

type gatedTransport struct {
	gate *loopbackGate
	next http.RoundTripper
}

var errStopping = errors.New("the server is stopping")

func (t *gatedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	select {
	case <-t.gate.closed:
		return nil, errStopping
	default:
		return t.next.RoundTrip(request)
	}
}

// WrappedRoundTripper lets client-go find the transport below.
func (t *gatedTransport) WrappedRoundTripper() http.RoundTripper {
	return t.next
}
