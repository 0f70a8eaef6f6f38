package goaway

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"k8s.io/klog/v2"
)

// takeOverTimeout is far longer than it takes.
const takeOverTimeout = 10 * time.Second

// listener has the handler take over before it lets clients in. The http.Server, which upstream
// makes and shows to nobody, is in the context of every request; this is the first one, over a
// connection within the process.
type listener struct {
	net.Listener
	// tookOver is nil before the first Accept, and closed when clients may come in.
	tookOver chan struct{}
}

// Accept implements net.Listener, for one goroutine.
func (l *listener) Accept() (net.Conn, error) {
	if l.tookOver == nil {
		l.tookOver = make(chan struct{})
		client, server := net.Pipe()
		// Ends with the answer.
		go func() {
			defer close(l.tookOver)
			if err := askToTakeOver(client); err != nil {
				klog.ErrorS(err, "When this server stops, requests that its clients send in that moment will be lost")
			}
		}()
		return &privateConn{server}, nil
	}
	<-l.tookOver
	return l.Listener.Accept()
}

func askToTakeOver(conn net.Conn) error {
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), takeOverTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://localhost", nil)
	if err != nil {
		return err
	}
	transport := &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		// At the other end is this process.
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		Protocols:         new(http.Protocols),
		DisableKeepAlives: true,
	}
	transport.Protocols.SetHTTP1(true)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}

// privateConn is the server's end of a connection within the process. It is its own address, which
// no other connection can have.
type privateConn struct {
	net.Conn
}

// LocalAddr implements net.Conn.
func (c *privateConn) LocalAddr() net.Addr { return c }

// Network implements net.Addr.
func (c *privateConn) Network() string { return "private" }

// String implements net.Addr.
func (c *privateConn) String() string { return "private" }
