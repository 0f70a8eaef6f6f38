package mysql

import (
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// cut is what a proxy does with the next request.
type cut int

const (
	pass cut = iota
	// cutRequest closes the connection before the server sees the request.
	cutRequest
	// cutAnswer closes it when the server answers, but has the server go on to the end.
	cutAnswer
	// stallRequest forwards the request but for its last bytes, and nothing from then on.
	stallRequest
)

// proxy is a TCP proxy in front of a server that can fail at a chosen moment.
type proxy struct {
	listener net.Listener
	server   string

	mu   sync.Mutex
	next cut
	// withheld is how many bytes stallRequest keeps.
	withheld int
	held     []net.Conn
	// open is closed unless the proxy holds back what clients send.
	open chan struct{}
}

// through starts a proxy, and returns how to connect to database through it.
func through(t *testing.T, database mysqltest.Database) (Options, *proxy) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, server: fmt.Sprintf("%s:%d", database.Host, database.Port), open: make(chan struct{})}
	p.letThrough()
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		p.letThrough()
		p.drop()
		serving.Wait()
	})
	options := optionsFor(database)
	options.Port = listener.Addr().(*net.TCPAddr).Port
	return options, p
}

// arm has the next request, on whatever connection, fail.
func (p *proxy) arm(next cut) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = next
}

// stall has the next request stall before its last bytes.
func (p *proxy) stall(withheld int) {
	p.arm(stallRequest)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withheld = withheld
}

// holdBack has nobody get an answer, on whatever connection, until letThrough.
func (p *proxy) holdBack() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = make(chan struct{})
}

func (p *proxy) letThrough() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}

func (p *proxy) gate() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// drop closes all connections.
func (p *proxy) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.held {
		conn.Close()
	}
}

func (p *proxy) take() cut {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.next
	p.next = pass
	return next
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.server)
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
		case <-cutting: // Until drop.
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
		case cutRequest:
			return
		case cutAnswer:
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
