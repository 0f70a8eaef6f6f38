package environment

import (
	"context"
	"errors"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

func (r *Running) startKubernetes(ctx context.Context) error {
	start := r.startWithoutEtcd
	if r.Driver == Etcd {
		start = r.startCluster
	}
	cluster, err := start(ctx)
	if err != nil {
		return err
	}
	return r.startControllers(ctx, cluster)
}

// startWithoutEtcd runs the kube-apiserver that stores as we do.
func (r *Running) startWithoutEtcd(ctx context.Context) (*cluster, error) {
	program, err := r.kubeAPIServerOnSQL(ctx)
	if err != nil {
		return nil, err
	}
	database, err := r.newDatabase(ctx)
	if err != nil {
		return nil, err
	}
	silenceEnvtest()
	plane := &envtest.ControlPlane{APIServer: &envtest.APIServer{StartTimeout: startTimeout}}
	command := slices.Concat([]string{"env"}, database.variables, []string{program}, database.flags)
	if err := r.configureAPIServer(plane.APIServer, command...); err != nil {
		return nil, err
	}
	// envtest insists on an address of etcd.
	plane.APIServer.EtcdURL = &url.URL{}
	plane.APIServer.Configure().Disable("etcd-servers")
	return r.startAPIServer(plane)
}

// kubeAPIServerOnSQL is the program that KUBE_APISERVER_SQL names, or else a new one from the
// sources.
func (r *Running) kubeAPIServerOnSQL(ctx context.Context) (string, error) {
	const name = "kube-apiserver-sql"
	root, found := testserver.Repository()
	if !found {
		return "", errors.New("there is no repository here to build " + name + " from")
	}
	path := filepath.Join(r.dir, name)
	path, err := findOrBuild(name, path, exec.CommandContext(ctx, filepath.Join(root, "tools", name), path))
	if err != nil {
		return "", err
	}
	return path, r.noteVersion(ctx, "kube-apiserver", path, "--version")
}
