package aggregated

import (
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/component-base/logs"
	"k8s.io/component-base/metrics"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/server/servingcertificate"
	"ark.ai/apiserver/src/storage"
)

const (
	// defaultPort needs no privileges.
	defaultPort = 6443
	// defaultSQLitePath is where the Helm chart mounts the volume.
	defaultSQLitePath = "/data/ark.db"
	// shutdownDelay is for how long a server that is told to stop goes on as before, but for
	// /readyz: so long it takes until everybody knows that it is no longer an endpoint of the
	// Service.
	shutdownDelay = 10 * time.Second
	// shutdownWatchGracePeriod is for how long watches are ended one after the other after that.
	shutdownWatchGracePeriod = 10 * time.Second
)

// Options of an aggregated server.
type Options struct {
	// Kubeconfig is the file with which the cluster is reached; "" in a pod.
	Kubeconfig string
	Storage    *database.Options
	// ServingCertificate is for servers that make their own.
	ServingCertificate *servingcertificate.Options
	// Run, Recommended, Logs and Metrics are upstream's options.
	Run         *genericoptions.ServerRunOptions
	Recommended *genericoptions.RecommendedOptions
	Logs        *logs.Options
	Metrics     *metrics.Options
}

// NewOptions returns the defaults.
func NewOptions() *Options {
	o := &Options{
		Storage:            database.NewOptions(),
		ServingCertificate: &servingcertificate.Options{},
		Run:                genericoptions.NewServerRunOptions(),
		Recommended:        genericoptions.NewRecommendedOptions("", nil),
		Logs:               logs.NewOptions(),
		Metrics:            metrics.NewOptions(),
	}
	storage.ConfigureEtcdOptions(o.Recommended.Etcd)
	o.Recommended.EgressSelector = nil
	o.Recommended.Admission = newAdmissionOptions()
	o.Recommended.ExtraAdmissionInitializers = admissionInitializers
	serving := o.Recommended.SecureServing
	serving.BindPort = defaultPort
	// A certificate that nobody but the server knows is none that kube-apiserver can verify.
	serving.ServerCert.CertDirectory = ""
	serving.ServerCert.PairName = ""
	o.Run.ShutdownDelayDuration = shutdownDelay
	o.Run.ShutdownSendRetryAfter = true
	o.Run.ShutdownWatchTerminationGracePeriod = shutdownWatchGracePeriod
	return o
}

// Complete fills in what follows from the rest.
func (o *Options) Complete() {
	o.Storage.SQLite.DefaultPath = defaultSQLitePath
	o.Recommended.CoreAPI.CoreAPIKubeconfigPath = o.Kubeconfig
	for _, path := range []*string{
		&o.Recommended.Authentication.RemoteKubeConfigFile,
		&o.Recommended.Authorization.RemoteKubeConfigFile,
	} {
		if *path == "" {
			*path = o.Kubeconfig
		}
	}
}

// Validate finds options that contradict each other. It touches nothing outside the process.
func (o *Options) Validate() []error {
	errs := o.Storage.Validate(o.Recommended.Etcd.EncryptionProviderConfigFilepath)
	errs = append(errs, o.Run.Validate()...)
	errs = append(errs, o.Recommended.Validate()...)
	errs = append(errs, o.Metrics.Validate()...)
	serving := o.Recommended.SecureServing
	if serving.BindPort == 0 {
		errs = append(errs, field.Invalid(field.NewPath("--secure-port"), serving.BindPort,
			validation.InclusiveRangeError(1, 65535)+": kube-apiserver has to know the port"))
	}
	errs = append(errs, o.validateCertificate()...)
	if o.Recommended.Authentication.TolerateInClusterLookupFailure {
		errs = append(errs, errors.New("--authentication-tolerate-lookup-failure would let the server run without a way to know its users"))
	}
	return errs
}

// validateCertificate wants one from either side.
func (o *Options) validateCertificate() []error {
	errs := o.ServingCertificate.Validate()
	files := o.Recommended.SecureServing.ServerCert.CertKey
	switch {
	case !o.ServingCertificate.Enabled() && (files.CertFile == "" || files.KeyFile == ""):
		errs = append(errs, errors.New("--tls-cert-file and --tls-private-key-file must be specified, or --serving-certificate-secret: "+
			"kube-apiserver verifies the server's certificate with the caBundle of the APIService"))
	case o.ServingCertificate.Enabled() && (files.CertFile != "" || files.KeyFile != ""):
		errs = append(errs, errors.New("--tls-cert-file and --tls-private-key-file can't be specified with --serving-certificate-secret: "+
			"the certificate comes from one of both"))
	}
	return errs
}

// address that the server listens on.
func (o *Options) address() string {
	serving := o.Recommended.SecureServing
	return fmt.Sprintf("https://%s:%d", serving.BindAddress, serving.BindPort)
}
