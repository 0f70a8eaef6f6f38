package goaway

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// client speaks HTTP/2 frame by frame.
type client struct {
	*http2.Framer
	conn    *tls.Conn
	headers bytes.Buffer
	encoder *hpack.Encoder
}

// dial does not acknowledge settings: servers wait for it, but not in these tests.
func dial(t *testing.T, server *testServer) *client {
	t.Helper()
	conn, err := tls.Dial("tcp", server.address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{http2.NextProtoTLS}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	c := &client{Framer: http2.NewFramer(conn, conn), conn: conn}
	c.encoder = hpack.NewEncoder(&c.headers)
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	return c
}

// get sends a request.
func (c *client) get(t *testing.T, stream uint32, path string) {
	t.Helper()
	c.headers.Reset()
	for name, value := range map[string]string{":method": "GET", ":scheme": "https", ":authority": "localhost", ":path": path} {
		c.encoder.WriteField(hpack.HeaderField{Name: name, Value: value})
	}
	err := c.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: c.headers.Bytes(), EndStream: true, EndHeaders: true})
	if err != nil {
		t.Fatal(err)
	}
}

// event is a GOAWAY, or the end of a stream; zero at the end of the connection.
type event struct {
	goAway, ended bool
	stream        uint32
	code          http2.ErrCode
}

// next event that the server sends.
func (c *client) next(t *testing.T) event {
	t.Helper()
	for {
		frame, err := c.ReadFrame()
		if errors.Is(err, io.EOF) {
			return event{}
		}
		if err != nil {
			t.Fatal(err)
		}
		switch frame := frame.(type) {
		case *http2.GoAwayFrame:
			return event{goAway: true, stream: frame.LastStreamID, code: frame.ErrCode}
		case *http2.DataFrame:
			if frame.StreamEnded() {
				return event{ended: true, stream: frame.StreamID}
			}
		case *http2.HeadersFrame:
			if frame.StreamEnded() {
				return event{ended: true, stream: frame.StreamID}
			}
		}
	}
}

func (c *client) expect(t *testing.T, want event) {
	t.Helper()
	if got := c.next(t); got != want {
		t.Fatalf("the server sends %+v, want %+v", got, want)
	}
}

// limits are what a server tells of buffers and streams: settings, and the window of the
// connection.
type limits struct {
	settings string
	window   uint32
}

// limits may be read of a new connection.
func (c *client) limits(t *testing.T) (limits limits) {
	t.Helper()
	for limits.window == 0 {
		frame, err := c.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if err := frame.ForeachSetting(func(setting http2.Setting) error {
				limits.settings += setting.String()
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		case *http2.WindowUpdateFrame:
			limits.window = frame.Increment
		}
	}
	return limits
}
