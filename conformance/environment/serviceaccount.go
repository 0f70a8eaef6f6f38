package environment

import (
	"context"
	"fmt"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// tokenLifetime is longer than people keep a cluster running, in seconds.
const tokenLifetime = 365 * 24 * 60 * 60

// BeServiceAccount writes a kubeconfig for a program that is what a pod with this service account
// would be.
func BeServiceAccount(ctx context.Context, admin *rest.Config, namespace, name, kubeconfig string) error {
	client, err := kubernetes.NewForConfig(admin)
	if err != nil {
		return err
	}
	seconds := int64(tokenLifetime)
	token, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name,
		&authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("token of service account %s: %w", name, err)
	}
	return clientcmd.WriteToFile(clientcmdapi.Config{
		Clusters: map[string]*clientcmdapi.Cluster{"cluster": {
			Server:                   admin.Host,
			CertificateAuthorityData: admin.CAData,
		}},
		AuthInfos:      map[string]*clientcmdapi.AuthInfo{name: {Token: token.Status.Token}},
		Contexts:       map[string]*clientcmdapi.Context{name: {Cluster: "cluster", AuthInfo: name, Namespace: namespace}},
		CurrentContext: name,
	}, kubeconfig)
}
