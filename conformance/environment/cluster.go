package environment

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// cluster is a Kubernetes without nodes.
type cluster struct {
	*envtest.ControlPlane
	// admin is an administrator.
	admin *rest.Config
}

// Among the certificates of kube-apiserver.
const (
	// authorityName is the file of its authority.
	authorityName = "apiserver-ca.crt"
	// serviceAccountKeyName is the file of the key that signs tokens.
	serviceAccountKeyName = "sa-signer.key"
	// frontProxyName is kube-apiserver's own as a client of the servers behind it.
	frontProxyName = "front-proxy-client"
)

// startCluster runs etcd and kube-apiserver. Kubeconfig is the administrator's then. Its
// controllers come later: see startControllers.
func (r *Running) startCluster(ctx context.Context) (*cluster, error) {
	silenceEnvtest()
	program, err := r.find(ctx, "kube-apiserver")
	if err != nil {
		return nil, err
	}
	if r.options.Etcd != "" {
		return r.startOn(r.options.Etcd, program)
	}
	etcd, err := r.find(ctx, "etcd")
	if err != nil {
		return nil, err
	}
	plane := &envtest.ControlPlane{Etcd: &envtest.Etcd{StartTimeout: startTimeout}, APIServer: &envtest.APIServer{StartTimeout: startTimeout}}
	if err := errors.Join(r.configureEtcd(plane.Etcd, etcd), r.configureAPIServer(plane.APIServer, program)); err != nil {
		return nil, err
	}
	if err := plane.Start(); err != nil {
		return nil, fmt.Errorf("%w%s%s", err, tail(r.logFile("etcd")), tail(r.logFile("kube-apiserver")))
	}
	r.Etcd = plane.Etcd.URL.String()
	return r.enter(plane)
}

// startOn runs kube-apiserver with an etcd that is there.
func (r *Running) startOn(etcd, program string) (*cluster, error) {
	address, err := url.Parse(etcd)
	if err != nil {
		return nil, err
	}
	plane := &envtest.ControlPlane{APIServer: &envtest.APIServer{EtcdURL: address, StartTimeout: startTimeout}}
	if err := r.configureAPIServer(plane.APIServer, program); err != nil {
		return nil, err
	}
	r.Etcd = etcd
	return r.startAPIServer(plane)
}

// startAPIServer is for a control plane without an etcd of its own.
func (r *Running) startAPIServer(plane *envtest.ControlPlane) (*cluster, error) {
	if err := plane.APIServer.Start(); err != nil {
		return nil, fmt.Errorf("%w%s", err, tail(r.logFile("kube-apiserver")))
	}
	return r.enter(plane)
}

// silenceEnvtest keeps envtest from complaining that there is no logger.
func silenceEnvtest() { log.SetLogger(klog.Background()) }

// enter makes an administrator of a control plane that runs, and has it stopped.
func (r *Running) enter(plane *envtest.ControlPlane) (*cluster, error) {
	r.closers = append(r.closers, plane.Stop)
	var err error
	if r.Processes, err = r.guard.Processes(); err != nil {
		return nil, err
	}
	r.Kubeconfig = filepath.Join(r.dir, "admin.kubeconfig")
	admin, err := writeKubeconfig(plane, envtest.User{Name: "admin", Groups: []string{"system:masters"}}, r.Kubeconfig)
	if err != nil {
		return nil, err
	}
	if err := r.addNamesake(plane); err != nil {
		return nil, err
	}
	authority := filepath.Join(plane.APIServer.CertDir, authorityName)
	return &cluster{plane, admin}, os.WriteFile(authority, plane.APIServer.CA, 0o600)
}

func (r *Running) configureEtcd(etcd *envtest.Etcd, program string) (err error) {
	if etcd.Path, etcd.Out, err = r.prepare("etcd", program); err != nil {
		return err
	}
	etcd.Err = etcd.Out
	etcd.DataDir = filepath.Join(r.dir, "etcd")
	// As durable as the databases that it is compared with.
	etcd.Configure().Disable("unsafe-no-fsync")
	if r.options.Large {
		etcd.Configure().Set("quota-backend-bytes", strconv.Itoa(8<<30))
	}
	return os.Mkdir(etcd.DataDir, 0o700)
}

func (r *Running) configureAPIServer(server *envtest.APIServer, command ...string) (err error) {
	if server.Path, server.Out, err = r.prepare("kube-apiserver", command...); err != nil {
		return err
	}
	server.Err = server.Out
	server.CertDir = filepath.Join(r.dir, "kube-apiserver")
	frontProxy, err := r.newAuthority("front-proxy-ca")
	if err != nil {
		return err
	}
	r.FrontProxyAuthority = frontProxy.files()
	if r.FrontProxy, err = frontProxy.issue(frontProxyName, x509.ExtKeyUsageClientAuth); err != nil {
		return err
	}
	r.ServiceAccountKey = filepath.Join(server.CertDir, serviceAccountKeyName)
	server.Configure().
		// The others, and these, as kubeadm has them.
		Disable("disable-admission-plugins").
		// What pods would use, of which there are none. It would be looked for among routes, which
		// there may be none of either; loopback is refused, so it is an address for documentation.
		Set("advertise-address", "192.0.2.1").
		Set("service-account-issuer", "https://kubernetes.default.svc.cluster.local").
		Set("requestheader-client-ca-file", frontProxy.file()).
		Set("requestheader-allowed-names", frontProxyName).
		Set("requestheader-username-headers", "X-Remote-User").
		Set("requestheader-group-headers", "X-Remote-Group").
		Set("requestheader-extra-headers-prefix", "X-Remote-Extra-").
		// kubeadm leaves this one out: servers behind kube-apiserver then do not learn the UIDs of
		// users.
		Set("requestheader-uid-headers", "X-Remote-Uid").
		Set("proxy-client-cert-file", r.FrontProxy.CertFile).
		Set("proxy-client-key-file", r.FrontProxy.KeyFile).
		// Without nodes there is no kube-proxy that leads from a Service to its endpoints. The
		// Services of the other modes have another host's name instead.
		Set("enable-aggregator-routing", strconv.FormatBool(r.Mode == Empty))
	if r.options.EmulatedVersion != "" {
		server.Configure().Set("emulated-version", r.options.EmulatedVersion)
	}
	if r.options.Large {
		server.Configure().Set("watch-cache", "false").Set("etcd-compaction-interval", "0")
	}
	if r.Mode == Kubernetes {
		// etcd keeps history as long as our databases do.
		server.Configure().Set("etcd-compaction-interval", CompactionWindow.String())
	}
	return os.Mkdir(server.CertDir, 0o700)
}

// addNamesake makes a user with the name of kube-apiserver as a front proxy.
func (r *Running) addNamesake(plane *envtest.ControlPlane) error {
	user, err := plane.AddUser(envtest.User{Name: frontProxyName}, nil)
	if err != nil {
		return err
	}
	r.Namesake = &Certificate{CertFile: filepath.Join(r.dir, "namesake.crt"), KeyFile: filepath.Join(r.dir, "namesake.key")}
	return errors.Join(
		os.WriteFile(r.Namesake.CertFile, user.Config().CertData, 0o600),
		os.WriteFile(r.Namesake.KeyFile, user.Config().KeyData, 0o600),
	)
}

// prepare makes the script and the log of a command that envtest starts.
func (r *Running) prepare(name string, command ...string) (script string, log *os.File, err error) {
	if script, err = r.guard.Watch(name, command...); err != nil {
		return "", nil, err
	}
	if log, err = os.Create(r.logFile(name)); err != nil {
		return "", nil, err
	}
	r.closers = append(r.closers, log.Close)
	return script, log, nil
}

// writeKubeconfig writes the credentials of a new user.
func writeKubeconfig(plane *envtest.ControlPlane, user envtest.User, path string) (*rest.Config, error) {
	added, err := plane.AddUser(user, nil)
	if err != nil {
		return nil, err
	}
	content, err := added.KubeConfig()
	if err != nil {
		return nil, err
	}
	config := rest.CopyConfig(added.Config())
	config.QPS = -1 // no limit
	return config, os.WriteFile(path, content, 0o600)
}
