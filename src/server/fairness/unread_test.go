package fairness

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// TestUnsent: what a client does not read is bounded by the option that is for this.
func TestUnsent(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := boundedListener{listener}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	raw, err := server.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		bound, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT)
		if err != nil || bound != maxUnsent {
			t.Errorf("%d bytes, %v", bound, err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}
