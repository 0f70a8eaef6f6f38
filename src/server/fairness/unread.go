package fairness

import (
	"cmp"
	"net"

	"golang.org/x/sys/unix"
	"k8s.io/klog/v2"
)

// maxUnsent is how many bytes the kernel takes of what a client has no room for. By default these
// are megabytes for each connection, of memory that all connections share: a thousand watches that
// nobody reads have everybody's packets dropped, which come again a fifth of a second later.
const maxUnsent = 128 << 10

// boundedListener bounds what the kernel keeps for each connection.
type boundedListener struct{ net.Listener }

// Accept implements net.Listener.
func (l boundedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		boundUnsent(tcp)
	}
	return conn, err
}

// boundUnsent logs it if it fails: the connection works all the same.
func boundUnsent(conn *net.TCPConn) {
	var failed error
	raw, err := conn.SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) {
			failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
		})
	}
	if err := cmp.Or(err, failed); err != nil {
		klog.ErrorS(err, "Can't bound what the kernel keeps for a connection")
	}
}
