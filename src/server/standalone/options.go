package standalone

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/features"
	utilfeature "k8s.io/apiserver/pkg/util/feature"

	controlplaneoptions "k8s.io/kubernetes/pkg/controlplane/apiserver/options"
	"k8s.io/kubernetes/pkg/kubeapiserver/authorizer/modes"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/storage"
)

const defaultPort = 6443

// shutdownWatchGracePeriod is for how long a server that stops lets watches end one after the
// other.
const shutdownWatchGracePeriod = 10 * time.Second

// Options of a standalone server.
type Options struct {
	// DataDir is the directory of everything that is generated, and of the SQLite database.
	DataDir string
	// ExtraNames are names and addresses that the generated serving certificate is for too.
	ExtraNames []string
	Storage    *database.Options
	// ControlPlane are upstream's options.
	ControlPlane *controlplaneoptions.Options
}

func init() {
	// Lets servers of different versions pass requests to each other; the addresses are kept in
	// etcd.
	utilruntime.Must(utilfeature.DefaultMutableFeatureGate.OverrideDefault(features.UnknownVersionInteroperabilityProxy, false))
}

// NewOptions returns the defaults: everything on the loopback interface and in the user's home.
func NewOptions() *Options {
	o := &Options{
		Storage:      database.NewOptions(),
		ControlPlane: controlplaneoptions.NewOptions(),
	}
	storage.ConfigureEtcdOptions(o.ControlPlane.Etcd)
	o.ControlPlane.SecureServing.BindAddress = net.IPv4(127, 0, 0, 1)
	o.ControlPlane.SecureServing.BindPort = defaultPort
	// 0 picks a free port.
	o.ControlPlane.SecureServing.Required = false
	o.ControlPlane.SecureServing.ServerCert.CertDirectory = ""
	o.ControlPlane.SecureServing.ServerCert.PairName = ""
	o.ControlPlane.Admission.GenericAdmission.DefaultOffPlugins = defaultOffAdmissionPlugins()
	// Without these a client that watches holds up the end of the process for a minute.
	o.ControlPlane.GenericServerRunOptions.ShutdownSendRetryAfter = true
	o.ControlPlane.GenericServerRunOptions.ShutdownWatchTerminationGracePeriod = shutdownWatchGracePeriod
	return o
}

// Validate finds options that contradict each other. It touches nothing outside the process.
func (o *Options) Validate() []error {
	errs := o.Storage.Validate(o.ControlPlane.Etcd.EncryptionProviderConfigFilepath)
	serving := o.ControlPlane.SecureServing
	if serving.BindPort < 0 || serving.BindPort > 65535 {
		errs = append(errs, field.Invalid(field.NewPath("--secure-port"), serving.BindPort, validation.InclusiveRangeError(0, 65535)))
	}
	if serving.BindAddress == nil {
		errs = append(errs, errors.New("--bind-address must be specified"))
	}
	certificate := serving.ServerCert.CertKey
	if (certificate.CertFile == "") != (certificate.KeyFile == "") {
		errs = append(errs, errors.New("--tls-cert-file and --tls-private-key-file must be specified together"))
	}
	if slices.Contains(o.ControlPlane.Authorization.Modes, modes.ModeNode) {
		errs = append(errs, errors.New("--authorization-mode=Node needs nodes and pods, which this server does not have"))
	}
	if utilfeature.DefaultFeatureGate.Enabled(features.UnknownVersionInteroperabilityProxy) {
		errs = append(errs, fmt.Errorf("the feature gate %s needs etcd", features.UnknownVersionInteroperabilityProxy))
	}
	return errs
}
