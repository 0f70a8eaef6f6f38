package servingcertificate

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	secretFlag  = "serving-certificate-secret"
	serviceFlag = "serving-certificate-service"
)

// Options say where the certificate is kept, and for whom it is. The zero value is for servers that
// have one from somebody else.
type Options struct {
	// Secret is NAMESPACE/NAME of an existing one.
	Secret string
	// Service is the name of the one, in the same namespace, by which kube-apiserver reaches the
	// server.
	Service string
}

// AddFlags adds the flags.
func (o *Options) AddFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Secret, secretFlag, o.Secret,
		"NAMESPACE/NAME of a secret in which the server makes and renews its certificate, whose authority it writes into "+
			"the caBundle of its APIServices. The secret has to exist, and may be empty. In place of --tls-cert-file.")
	flags.StringVar(&o.Service, serviceFlag, o.Service,
		"Service in the namespace of --"+secretFlag+" that the APIServices name: the certificate is for it.")
}

// Enabled reports whether the server makes its own certificate.
func (o *Options) Enabled() bool { return o.Secret != "" }

// Validate finds what is missing or can't be.
func (o *Options) Validate() []error {
	if !o.Enabled() {
		if o.Service != "" {
			return []error{errors.New("--" + serviceFlag + " has no effect without --" + secretFlag)}
		}
		return nil
	}
	var errs []error
	namespace, name, found := strings.Cut(o.Secret, "/")
	if !found || validation.IsDNS1123Label(namespace) != nil || validation.IsDNS1123Subdomain(name) != nil {
		errs = append(errs, field.Invalid(field.NewPath("--"+secretFlag), o.Secret, "must be NAMESPACE/NAME of a secret"))
	}
	if o.Service == "" {
		errs = append(errs, errors.New("--"+serviceFlag+" must be specified with --"+secretFlag))
	} else if messages := validation.IsDNS1123Label(o.Service); messages != nil {
		errs = append(errs, field.Invalid(field.NewPath("--"+serviceFlag), o.Service, strings.Join(messages, "; ")))
	}
	return errs
}

// secret of valid options.
func (o *Options) secret() types.NamespacedName {
	namespace, name, _ := strings.Cut(o.Secret, "/")
	return types.NamespacedName{Namespace: namespace, Name: name}
}

// hosts are the names of the Service. kube-apiserver verifies the first.
func (o *Options) hosts() []string {
	inNamespace := o.Service + "." + o.secret().Namespace
	host := inNamespace + ".svc"
	return []string{host, host + ".cluster.local", inNamespace, o.Service}
}
