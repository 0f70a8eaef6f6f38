package datadir

import (
	"bytes"
	"fmt"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// kubeconfigEntry is the name of our cluster, user and context in the administrator's kubeconfig.
const kubeconfigEntry = "ark"

// EnsureAdminKubeconfig writes the administrator's kubeconfig for the server at url, whose
// certificate comes from one of the authorities in trusted. The certificates are embedded, so that
// the file can be copied elsewhere. Other entries that somebody added to the file stay.
func (d *Dir) EnsureAdminKubeconfig(url string, trusted []byte) error {
	path := d.Path(AdminKubeconfig)
	existing, err := d.read(AdminKubeconfig)
	if err != nil {
		return err
	}
	config, err := clientcmd.Load(existing)
	if err != nil {
		return fmt.Errorf("%s is corrupt: remove it to have a new one written", path)
	}
	certificate, err := d.read(AdminCertificate)
	if err != nil {
		return err
	}
	key, err := d.read(AdminKey)
	if err != nil {
		return err
	}

	config.Clusters[kubeconfigEntry] = &clientcmdapi.Cluster{Server: url, CertificateAuthorityData: trusted}
	config.AuthInfos[kubeconfigEntry] = &clientcmdapi.AuthInfo{ClientCertificateData: certificate, ClientKeyData: key}
	if config.Contexts[kubeconfigEntry] == nil {
		config.Contexts[kubeconfigEntry] = &clientcmdapi.Context{Cluster: kubeconfigEntry, AuthInfo: kubeconfigEntry}
	}
	if config.CurrentContext == "" {
		config.CurrentContext = kubeconfigEntry
	}
	content, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	if bytes.Equal(content, existing) {
		return nil
	}
	return d.write(AdminKubeconfig, content)
}
