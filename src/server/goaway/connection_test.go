package goaway

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"testing"
)

// frame of a stream, and whether another one may follow.
type frame struct {
	bytes []byte
	gap   bool
}

func newFrame(gap bool, kind, flags byte, payload int) frame {
	header := []byte{byte(payload >> 16), byte(payload >> 8), byte(payload), kind, flags, 0, 0, 0, 1}
	// A payload that looks like the header of an empty frame.
	return frame{append(header, bytes.Repeat([]byte{0, 0, 0, 0, 0, 0, 0, 0, 1}, payload/9+1)[:payload]...), gap}
}

// TestAnnouncementIsAFrameOfItsOwn announces after each byte of what a server writes, in pieces of
// several sizes.
func TestAnnouncementIsAFrameOfItsOwn(t *testing.T) {
	t.Parallel()
	const data, settings = 0x0, 0x4
	for name, sequence := range map[string][]frame{
		"settings": {newFrame(true, settings, 0, 12)},
		"empty frames": {
			newFrame(true, settings, 0, 0), newFrame(true, settings, 1, 0), newFrame(true, data, 0, 0),
		},
		"an answer": {
			newFrame(true, settings, 0, 6), newFrame(true, typeHeaders, flagEndHeaders, 20), newFrame(true, data, 1, 300),
		},
		"headers that continue": {
			newFrame(true, settings, 0, 6), newFrame(false, typeHeaders, 1, 20), newFrame(false, typeContinuation, 0, 0),
			newFrame(true, typeContinuation, flagEndHeaders, 5), newFrame(true, data, 0, 3),
		},
		"a promise that continues": {
			newFrame(true, settings, 0, 6), newFrame(false, typePushPromise, 0, 20),
			newFrame(true, typeContinuation, flagEndHeaders, 5),
		},
		"the end of the server": {
			newFrame(true, settings, 0, 6), newFrame(true, data, flagEndHeaders, 9), newFrame(false, typeGoAway, 0, 8),
			newFrame(false, data, 0, 9),
		},
		"a refusal": {newFrame(false, typeGoAway, 0, 30)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := connect(t)
			var stream []byte
			gaps := map[int]bool{}
			for _, frame := range sequence {
				stream = append(stream, frame.bytes...)
				gaps[len(stream)] = frame.gap
			}
			for _, piece := range []int{1, 2, 7, 9, 10, len(stream)} {
				for after := range len(stream) + 1 {
					want := stream
					for at := after; at <= len(stream); at++ {
						if gaps[at] {
							want = bytes.Join([][]byte{stream[:at], stream[at:]}, announcement)
							break
						}
					}
					got := make([]byte, len(want))
					connection := &connection{Conn: server}
					write(t, connection, stream[:after], piece)
					connection.announce()
					write(t, connection, stream[after:], piece)
					if _, err := io.ReadFull(client, got); err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(got, want) {
						t.Fatalf("announced after %d bytes, in pieces of %d, the client gets\n%x\nnot\n%x", after, piece, got, want)
					}
				}
			}
		})
	}
}

func TestBrokenConnectionIsToldNothing(t *testing.T) {
	t.Parallel()
	server, _ := connect(t)
	connection := &connection{Conn: server}
	write(t, connection, newFrame(true, 0x4, 0, 0).bytes, frameHeaderLength)
	server.Close()
	connection.announce()
	if _, err := connection.Write(announcement); err == nil {
		t.Error("a closed connection takes data")
	}
}

func write(t *testing.T, connection *connection, stream []byte, piece int) {
	t.Helper()
	for len(stream) > 0 {
		p := stream[:min(piece, len(stream))]
		if n, err := connection.Write(p); n != len(p) || err != nil {
			t.Fatalf("%d of %d bytes written: %v", n, len(p), err)
		}
		stream = stream[len(p):]
	}
}

// connect returns the ends of a connection.
func connect(t *testing.T) (server, client *tls.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	clientEnd, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	serverEnd, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := selfSigned(t)
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	server = tls.Server(serverEnd, &tls.Config{Certificates: []tls.Certificate{pair}})
	client = tls.Client(clientEnd, &tls.Config{InsecureSkipVerify: true})
	t.Cleanup(func() {
		clientEnd.Close()
		serverEnd.Close()
	})
	handshake := make(chan error, 1)
	go func() { handshake <- server.Handshake() }()
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-handshake; err != nil {
		t.Fatal(err)
	}
	return server, client
}
