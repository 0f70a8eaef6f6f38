package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"time"
)

const (
	configurationFile = "/etc/cni/net.d/10-kindnet.conflist"
	// configuration lacks the range of addresses for the node's pods.
	configuration = `{
  "cniVersion": "1.0.0",
  "name": "kindnet",
  "plugins": [
    {
      "type": "ptp",
      "ipMasq": true,
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni-ipam-state",
        "routes": [{"dst": "0.0.0.0/0"}],
        "ranges": [[{"subnet": %q}]]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`
)

// configure writes how pods of this node get their addresses. The node is ready then, so it waits
// until Services work: pods that start before kube-proxy has its rules hang in their first
// connection.
func configure(ctx context.Context, podCIDR, service string) error {
	text := fmt.Appendf(nil, configuration, podCIDR)
	if written, err := os.ReadFile(configurationFile); err == nil && bytes.Equal(written, text) {
		return nil
	}
	if err := await(ctx, service); err != nil {
		return err
	}
	// A half-written file would be read.
	if err := os.WriteFile(configurationFile+".tmp", text, 0o644); err != nil {
		return err
	}
	log.Printf("%s is for %s", configurationFile, podCIDR)
	return os.Rename(configurationFile+".tmp", configurationFile)
}

// await waits until an address accepts connections.
func await(ctx context.Context, address string) error {
	dialer := net.Dialer{Timeout: time.Second}
	for {
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
