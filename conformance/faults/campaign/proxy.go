package campaign

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
)

// way is the direction that bytes go.
type way int

const (
	toDatabase way = iota
	toServer
)

func (w way) String() string { return [...]string{"to the database", "to the server"}[w] }

// proxy is the network between a server and its database.
type proxy struct {
	listener net.Listener
	serving  sync.WaitGroup

	mu     sync.Mutex
	target string
	// refuses has new connections closed at once.
	refuses bool
	// silent has bytes vanish, by direction.
	silent [2]bool
	conns  map[net.Conn]struct{}
	closed bool
}

func newProxy(ctx context.Context, target string) (*proxy, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	// Ends with the listener.
	p.serving.Go(func() {
		for {
			server, err := listener.Accept()
			if err != nil {
				return
			}
			p.serving.Go(func() { p.serve(server) })
		}
	})
	return p, nil
}

func (p *proxy) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

func (p *proxy) close() error {
	err := p.listener.Close()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.drop()
	p.serving.Wait()
	return err
}

// cut closes all connections and refuses others.
func (p *proxy) cut() {
	p.mu.Lock()
	p.refuses = true
	p.mu.Unlock()
	p.drop()
}

// swallow has what goes one way vanish. What is under way when it begins arrives in part.
func (p *proxy) swallow(w way) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent[w] = true
}

// mend lets everything through again. Connections of before are closed: some of them lack bytes.
func (p *proxy) mend() {
	p.mu.Lock()
	p.refuses, p.silent = false, [2]bool{}
	p.mu.Unlock()
	p.drop()
}

// lead has new connections go to another database.
func (p *proxy) lead(target string) {
	p.mu.Lock()
	p.target = target
	p.mu.Unlock()
	p.mend()
}

func (p *proxy) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
}

func (p *proxy) serve(server net.Conn) {
	defer server.Close()
	p.mu.Lock()
	target, refuses := p.target, p.refuses
	p.mu.Unlock()
	if refuses {
		return
	}
	database, err := new(net.Dialer).DialContext(context.Background(), "tcp", target)
	if err != nil {
		return
	}
	defer database.Close()
	if !p.hold(server, database) {
		return
	}
	defer p.release(server, database)
	var answering sync.WaitGroup
	defer answering.Wait()
	answering.Go(func() { p.pass(toServer, database, server) })
	p.pass(toDatabase, server, database)
}

func (p *proxy) hold(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		p.conns[conn] = struct{}{}
	}
	return !p.closed && !p.refuses
}

func (p *proxy) release(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		delete(p.conns, conn)
	}
}

// pass copies one way, and closes both ends when either is.
func (p *proxy) pass(w way, from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 16<<10)
	vanishing := false
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		silent := p.silent[w]
		p.mu.Unlock()
		text := buffer[:n]
		switch {
		case vanishing:
			text = nil
		case silent:
			// The first half of a request, or of an answer, is on its way already.
			vanishing, text = true, text[:n/2]
		}
		if _, err := to.Write(text); err != nil && !errors.Is(err, io.ErrShortWrite) {
			return
		}
	}
}
