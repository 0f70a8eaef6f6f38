package standalone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"

	controlplaneoptions "k8s.io/kubernetes/pkg/controlplane/apiserver/options"
	"k8s.io/kubernetes/pkg/kubeapiserver/authorizer/modes"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/server/datadir"
)

type completedOptions struct {
	storage      *database.Options
	controlPlane controlplaneoptions.CompletedOptions
	credentials  *credentials
}

// CompletedOptions can be made by Options.Complete only.
type CompletedOptions struct {
	*completedOptions
}

// Complete fills in what the user left open: it takes the port, and makes the data directory with
// all files that are missing there. Close gives the port back if no server is run with the result.
func (o *Options) Complete(ctx context.Context) (completed CompletedOptions, err error) {
	serving := o.ControlPlane.SecureServing.SecureServingOptions
	if err := listen(ctx, serving); err != nil {
		return CompletedOptions{}, err
	}
	defer func() {
		if err != nil && serving.Listener != nil {
			err = errors.Join(err, serving.Listener.Close())
		}
	}()

	dir, err := o.openDataDir()
	if err != nil {
		return CompletedOptions{}, err
	}
	o.Storage.SQLite.DefaultPath = dir.Path(datadir.Database)
	o.Storage.DefaultFieldIndexDir = filepath.Dir(o.Storage.SQLite.DefaultPath)
	o.completeAdvertiseAddress()
	credentials := newCredentials(dir, o)
	if err := credentials.ensure(); err != nil {
		return CompletedOptions{}, err
	}
	if err := credentials.apply(o.ControlPlane); err != nil {
		return CompletedOptions{}, err
	}

	authorization := o.ControlPlane.Authorization
	if authorization.AuthorizationConfigurationFile == "" && len(authorization.Modes) == 0 {
		authorization.Modes = []string{modes.ModeRBAC}
	}
	controlPlane, err := o.ControlPlane.Complete(ctx, nil, nil)
	if err != nil {
		return CompletedOptions{}, err
	}
	return CompletedOptions{&completedOptions{
		storage:      o.Storage,
		controlPlane: controlPlane,
		credentials:  credentials,
	}}, nil
}

// Validate checks everything, including the files that options name.
func (o CompletedOptions) Validate() []error {
	return o.controlPlane.Validate()
}

// Kubeconfig is the path of the administrator's kubeconfig.
func (o CompletedOptions) Kubeconfig() string {
	return o.credentials.dir.Path(datadir.AdminKubeconfig)
}

// Close gives back the port. A server that was run with the options has done so already.
func (o CompletedOptions) Close() error {
	listener := o.controlPlane.SecureServing.Listener
	if listener == nil {
		return nil
	}
	if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

func (o *Options) openDataDir() (*datadir.Dir, error) {
	path := o.DataDir
	if path == "" {
		var err error
		if path, err = datadir.Default(); err != nil {
			return nil, fmt.Errorf("%w: choose one with --data-dir", err)
		}
	}
	return datadir.Open(path)
}

// completeAdvertiseAddress spares machines without a network upstream's search for a default route.
func (o *Options) completeAdvertiseAddress() {
	run := o.ControlPlane.GenericServerRunOptions
	if run.AdvertiseAddress != nil {
		return
	}
	bind := o.ControlPlane.SecureServing.BindAddress
	if !bind.IsUnspecified() {
		run.AdvertiseAddress = bind
		return
	}
	address, err := o.ControlPlane.SecureServing.DefaultExternalAddress()
	if err != nil {
		address = net.IPv4(127, 0, 0, 1)
	}
	run.AdvertiseAddress = address
}
