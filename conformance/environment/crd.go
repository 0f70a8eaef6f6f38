package environment

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/crds"
)

func (r *Running) startCRD(ctx context.Context) error {
	cluster, err := r.startCluster(ctx)
	if err != nil {
		return err
	}
	if r.options.APIServers > 1 {
		if err := r.startAnotherAPIServer(ctx, cluster); err != nil {
			return err
		}
	}
	definitions, err := crds.Definitions(r.options.Group)
	if err != nil {
		return err
	}
	if _, err := envtest.InstallCRDs(cluster.admin, envtest.CRDInstallOptions{CRDs: definitions, MaxTime: startTimeout}); err != nil {
		return fmt.Errorf("%w%s", err, tail(r.logFile("kube-apiserver")))
	}
	if r.options.Group == v1alpha1.GroupName {
		if err := r.awaitArk(ctx); err != nil {
			return err
		}
	}
	return r.startControllers(ctx, cluster)
}
