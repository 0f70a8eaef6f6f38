package goaway

import (
	"crypto/tls"
	"sync"
)

// connection is one that a server writes HTTP/2 to.
type connection struct {
	*tls.Conn

	// mu is held while writing: what frames knows is what was sent.
	mu     sync.Mutex
	frames frames
	// due is the announcement from when it is made until there is a gap for it.
	due bool
}

// Write implements net.Conn. An error is final, as it is with TLS, so that frames may be ahead
// then.
func (c *connection) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.due {
		c.frames.follow(p)
		return c.Conn.Write(p)
	}
	gap := c.frames.followToGap(p)
	n, err := c.Conn.Write(p[:gap])
	if err != nil || !c.frames.gap() {
		return n, err
	}
	c.send()
	c.frames.follow(p[gap:])
	rest, err := c.Conn.Write(p[gap:])
	return n + rest, err
}

// announce tells the client that the connection will end, as soon as a frame may be sent. It may
// wait for the client to read, but not for longer than the connection is open.
func (c *connection) announce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due = true
	if c.frames.gap() {
		c.send()
	}
}

// send needs a gap. A connection that broke needs no announcement.
func (c *connection) send() {
	c.due = false
	_, _ = c.Conn.Write(announcement)
}
