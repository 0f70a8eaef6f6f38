package standalone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	genericoptions "k8s.io/apiserver/pkg/server/options"
)

// listen takes the port before anything else is touched, so that a second start on it has no
// effects.
func listen(ctx context.Context, serving *genericoptions.SecureServingOptions) error {
	if serving.Listener != nil || serving.PermitPortSharing || serving.PermitAddressSharing {
		// Upstream knows how to share.
		return nil
	}
	address := net.JoinHostPort(serving.BindAddress.String(), strconv.Itoa(serving.BindPort))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d of %s is in use by another process: choose another one with --secure-port",
			serving.BindPort, serving.BindAddress)
	}
	if err != nil {
		return fmt.Errorf("can't listen: %w", err)
	}
	serving.Listener = listener
	serving.BindPort = listener.Addr().(*net.TCPAddr).Port
	return nil
}
