// Package tcpproxy is a network between a client and its database that fails at a chosen moment.
package tcpproxy

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Cut is what a proxy does with the next request.
type Cut int

const (
	pass Cut = iota
	// CutRequest closes the connection before the server sees the request.
	CutRequest
	// CutAnswer closes it when the server answers, but has the server go on to the end.
	CutAnswer
	// stallRequest forwards the request but for its last bytes, and nothing from then on.
	stallRequest
)

// Proxy is a TCP proxy in front of a server that can fail at a chosen moment.
type Proxy struct {
	port int

	mu     sync.Mutex
	server string
	next   Cut
	// withheld is how many bytes stallRequest keeps.
	withheld int
	held     []net.Conn
	// open is closed unless the proxy holds back what clients send.
	open chan struct{}
}

// Start starts a proxy to a server, "host:port", which ends with the test.
func Start(t testing.TB, server string) *Proxy {
	t.Helper()
	p := &Proxy{server: server, open: make(chan struct{})}
	p.LetThrough()
	p.port = Serve(t, p.serve, func() {
		p.LetThrough()
		p.Drop()
	})
	return p
}

// Serve has a function serve each connection to a port of 127.0.0.1, which it returns, until the
// test ends. Then end has the connections end that there are.
func Serve(t testing.TB, serve func(client net.Conn), end func()) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { serve(client) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		end()
		serving.Wait()
	})
	return listener.Addr().(*net.TCPAddr).Port
}

// Port is where it listens, on 127.0.0.1.
func (p *Proxy) Port() int { return p.port }

// Arm has the next request, on whatever connection, fail.
func (p *Proxy) Arm(next Cut) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = next
}

// Stall has the next request stall before its last bytes.
func (p *Proxy) Stall(withheld int) {
	p.Arm(stallRequest)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withheld = withheld
}

// HoldBack has nobody get an answer, on whatever connection, until LetThrough.
func (p *Proxy) HoldBack() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = make(chan struct{})
}

func (p *Proxy) LetThrough() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}

func (p *Proxy) gate() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// Redirect has new connections go to another server, and closes the others.
func (p *Proxy) Redirect(server string) {
	p.mu.Lock()
	p.server = server
	p.mu.Unlock()
	p.Drop()
}

func (p *Proxy) target() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.server
}

// Drop closes all connections.
func (p *Proxy) Drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.held {
		conn.Close()
	}
}

func (p *Proxy) take() Cut {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.next
	p.next = pass
	return next
}

func (p *Proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.target())
	if err != nil {
		client.Close()
		return
	}
	p.mu.Lock()
	p.held = append(p.held, client, server)
	p.mu.Unlock()
	var answering sync.WaitGroup
	cutting := make(chan struct{})
	defer answering.Wait()
	defer client.Close()
	defer func() {
		select {
		case <-cutting: // Until Drop.
		default:
			server.Close()
		}
	}()
	answering.Go(func() {
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			select {
			case <-cutting:
				client.Close()
				io.Copy(io.Discard, server)
				return
			default:
			}
			if err != nil {
				client.Close()
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	})
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		switch p.take() {
		case CutRequest:
			return
		case CutAnswer:
			close(cutting)
		case stallRequest:
			p.mu.Lock()
			withheld := p.withheld
			p.mu.Unlock()
			server.Write(buffer[:n-withheld])
			io.Copy(io.Discard, client)
			return
		}
		<-p.gate()
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}
