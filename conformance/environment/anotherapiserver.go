package environment

import (
	"context"
	"net"
	"path/filepath"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Another kube-apiserver listens on the port of the first, since the Service kubernetes has one
// port for all of them.
const (
	anotherHost = "127.0.0.2"
	// anotherAddress is where it says that it is: nobody is there, as for the first.
	anotherAddress = "192.0.2.2"
)

// startAnotherAPIServer runs a second kube-apiserver with the etcd, the certificates and the keys
// of the first.
func (r *Running) startAnotherAPIServer(ctx context.Context, cluster *cluster) error {
	first := cluster.APIServer
	args := first.Configure().AsStrings(map[string][]string{
		// As envtest has them.
		"service-cluster-ip-range":         {"10.0.0.0/24"},
		"allow-privileged":                 {"true"},
		"authorization-mode":               {"RBAC"},
		"cert-dir":                         {first.CertDir},
		"etcd-servers":                     {first.EtcdURL.String()},
		"secure-port":                      {first.SecureServing.Port},
		"service-account-key-file":         {filepath.Join(first.CertDir, "sa-signer.crt")},
		"service-account-signing-key-file": {r.ServiceAccountKey},
	})
	// The last one counts.
	args = append(args, "--bind-address="+anotherHost, "--advertise-address="+anotherAddress)
	program, err := Program("kube-apiserver")
	if err != nil {
		return err
	}
	p, err := r.launch(ctx, "another-kube-apiserver", program, nil, args...)
	if err != nil {
		return err
	}
	r.AnotherAPIServer = &APIServer{URL: "https://" + net.JoinHostPort(anotherHost, first.SecureServing.Port), PID: p.command.Process.Pid}
	config := rest.CopyConfig(cluster.admin)
	config.Host, config.ServerName = r.AnotherAPIServer.URL, loopback
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	return p.await(ctx, func(ctx context.Context) error {
		return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}
