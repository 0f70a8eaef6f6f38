package environment

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// controllers are those that make sense without nodes. Kubernetes itself has them all.
var controllers = []string{
	"namespace-controller",
	"garbage-collector-controller",
	"resourcequota-controller",
	"serviceaccount-controller",
	"serviceaccount-token-controller",
	"root-ca-certificate-publisher-controller",
	"clusterrole-aggregation-controller",
	"validatingadmissionpolicy-status-controller",
	"certificatesigningrequest-approving-controller",
	"certificatesigningrequest-cleaner-controller",
	"cronjob-controller",
	"deployment-controller",
	"endpointslice-controller",
	"job-controller",
	"replicaset-controller",
	"statefulset-controller",
	"ttl-after-finished-controller",
}

// startControllers runs kube-controller-manager. The Ark kinds should be there before: it looks for
// new ones every 30 seconds only.
func (r *Running) startControllers(ctx context.Context, cluster *cluster) error {
	const name = "kube-controller-manager"
	program, err := r.find(ctx, name)
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(r.dir, name+".kubeconfig")
	if _, err := writeKubeconfig(cluster.ControlPlane, envtest.User{Name: "system:" + name}, kubeconfig); err != nil {
		return err
	}
	chosen := strings.Join(controllers, ",")
	if r.Mode == Kubernetes {
		chosen = "*"
	}
	certificates := cluster.APIServer.CertDir
	p, err := r.launch(ctx, name, program, nil,
		"--kubeconfig", kubeconfig,
		"--use-service-account-credentials",
		"--service-account-private-key-file", r.ServiceAccountKey,
		"--root-ca-file", filepath.Join(certificates, authorityName),
		"--controllers", chosen,
		"--leader-elect=false",
		"--secure-port=0",
		// Suites make and delete namespaces by the hundred.
		"--kube-api-qps=200", "--kube-api-burst=400",
	)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(cluster.admin)
	if err != nil {
		return err
	}
	return p.await(ctx, func(ctx context.Context) error {
		_, err := client.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		if err != nil {
			return fmt.Errorf("nobody has made the default service account: %w", err)
		}
		return nil
	})
}
