package controllers_test

import (
	"context"
	"net"
	"os"
	"sync"
	"syscall"

	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
)

// line is the wire between an informer and the server. The zero value works.
type line struct {
	mu          sync.Mutex
	down        bool
	connections []net.Conn
	refused     int
}

// config is for clients at the other end.
func (l *line) config() *rest.Config {
	config := rest.CopyConfig(framework.Config)
	config.Dial = l.dial
	return config
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if l.isDown() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	connection, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connections = append(l.connections, connection)
	return connection, nil
}

// isDown counts those who are told so.
func (l *line) isDown() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		l.refused++
	}
	return l.down
}

// refusals are attempts to connect while it was cut.
func (l *line) refusals() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}

// cut ends what is connected. Nothing connects until it is mended.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for _, connection := range l.connections {
		_ = connection.Close()
	}
	l.connections = nil
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = false
}
