package environment

import (
	"crypto"
	"crypto/x509"
	"net"
	"path/filepath"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/pkiutil"
)

// authority issues certificates, as kubeadm's do in a cluster.
type authority struct {
	dir         string
	certificate *x509.Certificate
	key         crypto.Signer
}

// newAuthority makes an authority with its files in a directory of that name.
func (r *Running) newAuthority(name string) (*authority, error) {
	certificate, key, err := pkiutil.NewCertificateAuthority(&pkiutil.CertConfig{Config: certutil.Config{CommonName: name}})
	if err != nil {
		return nil, err
	}
	a := &authority{dir: filepath.Join(r.dir, name), certificate: certificate, key: key}
	return a, pkiutil.WriteCertAndKey(a.dir, "ca", certificate, key)
}

func (a *authority) file() string { return a.files().CertFile }

func (a *authority) files() *Certificate {
	var files Certificate
	files.CertFile, files.KeyFile = pkiutil.PathsForCertAndKey(a.dir, "ca")
	return &files
}

func (a *authority) pem() []byte { return pkiutil.EncodeCertPEM(a.certificate) }

// issue writes a new certificate and its key.
func (a *authority) issue(name string, usage x509.ExtKeyUsage, hosts ...string) (*Certificate, error) {
	config := &pkiutil.CertConfig{Config: certutil.Config{CommonName: name, Usages: []x509.ExtKeyUsage{usage}}}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			config.AltNames.IPs = append(config.AltNames.IPs, ip)
		} else {
			config.AltNames.DNSNames = append(config.AltNames.DNSNames, host)
		}
	}
	certificate, key, err := pkiutil.NewCertAndKey(a.certificate, a.key, config)
	if err != nil {
		return nil, err
	}
	var files Certificate
	files.CertFile, files.KeyFile = pkiutil.PathsForCertAndKey(a.dir, name)
	return &files, pkiutil.WriteCertAndKey(a.dir, name, certificate, key)
}
