package objectstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// newTransport has connections end that make no progress for as long as patience.
func newTransport(authorities *x509.CertPool, patience time.Duration) *http.Transport {
	dialer := net.Dialer{Timeout: min(patience, 10*time.Second)}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return impatient{conn, patience}, nil
		},
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities},
		TLSHandshakeTimeout:   min(patience, 10*time.Second),
		ResponseHeaderTimeout: patience,
		IdleConnTimeout:       patience,
		DisableCompression:    true, // objects are as they are
	}
}

// impatient is a connection that fails if the other end does nothing for too long.
type impatient struct {
	net.Conn
	patience time.Duration
}

func (c impatient) Read(p []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(c.patience)) // fails if the connection is closed, as reading does
	return c.Conn.Read(p)
}

func (c impatient) Write(p []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(c.patience))
	return c.Conn.Write(p)
}
