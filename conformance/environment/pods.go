package environment

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// serverLabel tells the pods of a release apart.
const serverLabel = "conformance.ark.ai/server"

// hostFor is the address of this machine that the nodes of a cluster reach: the one from which it
// reaches them.
func hostFor(ctx context.Context, core kubernetes.Interface) (string, error) {
	node, err := nodeAddress(ctx, core)
	if err != nil {
		return "", err
	}
	// Nothing is sent.
	connection, err := new(net.Dialer).DialContext(ctx, "udp", net.JoinHostPort(node, "1"))
	if err != nil {
		return "", fmt.Errorf("address of this machine for node %s: %w", node, err)
	}
	defer connection.Close()
	return connection.LocalAddr().(*net.UDPAddr).IP.String(), nil
}

// nodeAddress is that of one of the nodes.
func nodeAddress(ctx context.Context, core kubernetes.Interface) (string, error) {
	nodes, err := core.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return "", err
	}
	for _, node := range nodes.Items {
		for _, address := range node.Status.Addresses {
			if address.Type == corev1.NodeInternalIP {
				return address.Address, nil
			}
		}
	}
	return "", errors.New("the cluster has no node with an address")
}

// exposePods makes each of the servers' pods reachable by itself, by a port of the nodes, so that
// suites can go around kube-apiserver. A Service for all of them would not do.
func (r *Running) exposePods(ctx context.Context, core *kubernetes.Clientset) error {
	authority, err := r.saveAuthority(ctx)
	if err != nil {
		return err
	}
	node, err := nodeAddress(ctx, core)
	if err != nil {
		return err
	}
	pods, err := core.CoreV1().Pods(arkNamespace).List(ctx, metav1.ListOptions{LabelSelector: r.Release.PodLabels()})
	if err != nil {
		return err
	}
	for i, pod := range pods.Items {
		label := serverName(i)
		patch := fmt.Appendf(nil, `{"metadata":{"labels":{%q:%q}}}`, serverLabel, label)
		if _, err := core.CoreV1().Pods(arkNamespace).Patch(ctx, pod.Name, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
			return err
		}
		service, err := core.CoreV1().Services(arkNamespace).Create(ctx, &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Name: "conformance-" + label},
			Spec: corev1.ServiceSpec{
				Type:     corev1.ServiceTypeNodePort,
				Selector: map[string]string{serverLabel: label},
				Ports:    []corev1.ServicePort{{Port: 443, TargetPort: intstr.FromString("https")}},
			},
		}, metav1.CreateOptions{})
		if err != nil {
			return err
		}
		r.Servers = append(r.Servers, Server{
			URL:    "https://" + net.JoinHostPort(node, strconv.Itoa(int(service.Spec.Ports[0].NodePort))),
			CAFile: authority, Name: r.Release.Host(),
		})
	}
	return r.awaitServers(ctx)
}

// awaitServers waits until the nodes pass connections on to the pods.
func (r *Running) awaitServers(ctx context.Context) error {
	credentials, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig)
	if err != nil {
		return err
	}
	for _, server := range r.Servers {
		client, err := kubernetes.NewForConfig(server.Config(credentials))
		if err != nil {
			return err
		}
		if err := await(ctx, nil, func(ctx context.Context) error {
			return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
		}); err != nil {
			return fmt.Errorf("the pod at %s: %w", server.URL, err)
		}
	}
	return nil
}

// saveAuthority writes the authority of the servers' certificate, as kube-apiserver knows it, into
// a file.
func (r *Running) saveAuthority(ctx context.Context) (path string, err error) {
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig)
	if err != nil {
		return "", err
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return "", err
	}
	version := v1alpha1.SchemeGroupVersion
	apiService, err := client.Resource(schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}).
		Get(ctx, version.Version+"."+version.Group, metav1.GetOptions{})
	if err != nil {
		return "", err
	}
	bundle, _, err := unstructured.NestedString(apiService.Object, "spec", "caBundle")
	if err != nil {
		return "", err
	}
	certificates, err := base64.StdEncoding.DecodeString(bundle)
	if err != nil || len(certificates) == 0 {
		return "", fmt.Errorf("the APIService has no caBundle: %q, %w", bundle, err)
	}
	path = filepath.Join(r.dir, "ark-apiserver-ca.crt")
	return path, os.WriteFile(path, certificates, 0o600)
}

// savePodLogs writes a file for each pod that is installed.
func (r *Running) savePodLogs(ctx context.Context, core kubernetes.Interface) error {
	pods, err := core.CoreV1().Pods(arkNamespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, pod := range pods.Items {
		log, err := core.CoreV1().Pods(arkNamespace).GetLogs(pod.Name, &corev1.PodLogOptions{}).DoRaw(ctx)
		if err != nil {
			// One that has not started has none.
			log = []byte(err.Error())
		}
		if err := os.WriteFile(r.logFile(pod.Name), log, 0o600); err != nil {
			return err
		}
	}
	return nil
}
