package postgresql

import (
	"crypto/tls"
	"net"
	"testing"
)

type connectionTo struct {
	net.Conn
	address net.Addr
}

func (c connectionTo) RemoteAddr() net.Addr { return c.address }

func TestIsPlaintext(t *testing.T) {
	t.Parallel()
	elsewhere := connectionTo{address: &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 5432}}
	for name, test := range map[string]struct {
		conn net.Conn
		want bool
	}{
		"loopback":      {connectionTo{address: &net.TCPAddr{IP: net.IPv6loopback}}, false},
		"socket":        {connectionTo{address: &net.UnixAddr{Name: "/tmp/.s.PGSQL.5432", Net: "unix"}}, false},
		"elsewhere":     {elsewhere, true},
		"TLS elsewhere": {tls.Client(elsewhere, &tls.Config{}), false},
	} {
		if got := isPlaintext(test.conn); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}
