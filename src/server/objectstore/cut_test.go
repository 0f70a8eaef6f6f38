package objectstore

import (
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/tcpproxy"
)

// cutter is a network that breaks in the middle of what is sent over it.
type cutter struct {
	port int
	// answers has it break in the middle of what the server sends, not of what clients do.
	answers bool
	cuts    atomic.Int64

	server string
	left   atomic.Int64
}

// cutAfter ends connections when so many bytes have passed, and each one that comes later soon.
func cutAfter(t *testing.T, server, bytes int) *cutter {
	t.Helper()
	c := &cutter{server: fmt.Sprintf("127.0.0.1:%d", server)}
	c.left.Store(int64(bytes))
	c.port = tcpproxy.Serve(t, c.serve, func() {})
	return c
}

func (c *cutter) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", c.server)
	if err != nil {
		return
	}
	defer server.Close()
	counted, other := [2]net.Conn{server, client}, [2]net.Conn{client, server}
	if c.answers {
		counted, other = other, counted
	}
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(other[0], other[1])
		close(ended)
	}()
	c.pass(counted[0], counted[1])
	client.Close()
	server.Close()
	<-ended
}

// pass copies until it is time to cut.
func (c *cutter) pass(to io.Writer, from io.Reader) {
	// Enough to begin a connection by TLS, and a request without a body.
	const little = 8 << 10
	buffer := make([]byte, 32<<10)
	for passed := 0; ; {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if passed += n; c.left.Add(-int64(n)) < 0 && passed > little {
			c.cuts.Add(1)
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
