package standalone

import (
	"fmt"
	"net"
	"os"
	"strconv"

	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	certutil "k8s.io/client-go/util/cert"

	controlplaneoptions "k8s.io/kubernetes/pkg/controlplane/apiserver/options"

	"ark.ai/apiserver/src/server/datadir"
)

// defaultIssuer is what other Kubernetes installations use, and tools expect.
const defaultIssuer = "https://kubernetes.default.svc.cluster.local"

// credentials are the certificates and keys of a server: those that the user brought, and generated
// ones for the rest.
type credentials struct {
	dir *datadir.Dir
	// servingCertificate is the user's own file; "" if it is generated for names and addresses.
	servingCertificate string
	names              []string
	addresses          []net.IP
	// url is the server's for clients on the same machine.
	url string

	authority []byte
}

func newCredentials(dir *datadir.Dir, o *Options) *credentials {
	serving := o.ControlPlane.SecureServing
	run := o.ControlPlane.GenericServerRunOptions
	c := &credentials{
		dir:                dir,
		servingCertificate: serving.ServerCert.CertKey.CertFile,
		url:                "https://" + net.JoinHostPort(reachable(serving.BindAddress), strconv.Itoa(serving.BindPort)),
	}
	c.addName("localhost")
	if host, err := os.Hostname(); err == nil {
		c.addName(host)
	}
	c.addName(run.ExternalHost)
	for _, name := range o.ExtraNames {
		c.addName(name)
	}
	c.addAddress(net.IPv4(127, 0, 0, 1))
	c.addAddress(net.IPv6loopback)
	c.addAddress(serving.BindAddress)
	c.addAddress(run.AdvertiseAddress)
	return c
}

// reachable is the address that a client on the same machine uses for a bind address.
func reachable(bind net.IP) string {
	switch {
	case !bind.IsUnspecified():
		return bind.String()
	case bind.To4() != nil:
		return net.IPv4(127, 0, 0, 1).String()
	default:
		return net.IPv6loopback.String()
	}
}

func (c *credentials) addName(name string) {
	if address := net.ParseIP(name); address != nil {
		c.addAddress(address)
	} else if name != "" {
		c.names = append(c.names, name)
	}
}

func (c *credentials) addAddress(address net.IP) {
	if address != nil && !address.IsUnspecified() {
		c.addresses = append(c.addresses, address)
	}
}

// ensure makes what is missing, and renews what is about to expire.
func (c *credentials) ensure() error {
	authority, err := c.dir.Authority()
	if err != nil {
		return err
	}
	c.authority = authority.PEM()
	if c.servingCertificate == "" {
		if err := c.dir.EnsureServingCertificate(authority, c.names, c.addresses); err != nil {
			return fmt.Errorf("can't make the serving certificate: %w", err)
		}
	}
	if err := c.dir.EnsureAdminCertificate(authority); err != nil {
		return fmt.Errorf("can't make the administrator's certificate: %w", err)
	}
	return c.dir.EnsureServiceAccountKey()
}

// ensureKubeconfig makes the administrator's kubeconfig fit the certificates and the port. A server
// that does not get hold of its database must not do that: the file may be another one's, which is
// running.
func (c *credentials) ensureKubeconfig() error {
	trusted, err := c.trusted()
	if err != nil {
		return err
	}
	return c.dir.EnsureAdminKubeconfig(c.url, trusted)
}

// trusted are the certificates by which clients know the server, in PEM.
func (c *credentials) trusted() ([]byte, error) {
	if c.servingCertificate == "" {
		return c.authority, nil
	}
	certificates, err := certutil.CertsFromFile(c.servingCertificate)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert-file: %w", err)
	}
	return certutil.EncodeCertificates(certificates...)
}

// apply makes the server use the generated files where the user brought none.
func (c *credentials) apply(options *controlplaneoptions.Options) error {
	if c.servingCertificate == "" {
		options.SecureServing.ServerCert.CertKey = genericoptions.CertKey{
			CertFile: c.dir.Path(datadir.ServingCertificate),
			KeyFile:  c.dir.Path(datadir.ServingKey),
		}
	}
	if err := c.applyClientAuthorities(options.Authentication.ClientCert); err != nil {
		return err
	}
	accounts := options.Authentication.ServiceAccounts
	if len(accounts.Issuers) == 0 {
		accounts.Issuers = []string{defaultIssuer}
	}
	if options.ServiceAccountSigningEndpoint != "" {
		return nil
	}
	if options.ServiceAccountSigningKeyFile == "" {
		options.ServiceAccountSigningKeyFile = c.dir.Path(datadir.ServiceAccountKey)
	}
	if len(accounts.KeyFiles) == 0 {
		accounts.KeyFiles = []string{options.ServiceAccountSigningKeyFile}
	}
	return nil
}

// applyClientAuthorities accepts the generated administrator's certificate beside the user's
// authorities.
func (c *credentials) applyClientAuthorities(options *genericoptions.ClientCertAuthenticationOptions) error {
	own, err := dynamiccertificates.NewDynamicCAContentFromFile("data-dir-ca", c.dir.Path(datadir.AuthorityCertificate))
	if err != nil {
		return err
	}
	options.CAContentProvider = own
	if options.ClientCA == "" {
		return nil
	}
	others, err := dynamiccertificates.NewDynamicCAContentFromFile("client-ca-bundle", options.ClientCA)
	if err != nil {
		return fmt.Errorf("--client-ca-file: %w", err)
	}
	options.CAContentProvider = dynamiccertificates.NewUnionCAContentProvider(own, others)
	return nil
}
