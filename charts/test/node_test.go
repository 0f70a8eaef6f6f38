package chart_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/environment"
)

// nodeName is the node that the tests are.
const nodeName = "here"

// process is the container of a server's pod.
type process struct {
	cluster *cluster
	pod     *corev1.Pod
	address string
	command *exec.Cmd
	output  bytes.Buffer
}

// run does what a node does for the pod of the StatefulSet.
func (c *cluster) run(t *testing.T) *process {
	t.Helper()
	pod := c.awaitPod(t, fullname+"-0")
	return c.start(t, pod, pod.Spec.Containers[0].Args)
}

// start starts the container of a pod as its service account, and tells the cluster where it is.
func (c *cluster) start(t *testing.T, pod *corev1.Pod, args []string) *process {
	t.Helper()
	p := &process{cluster: c, pod: pod}
	address := ownAddress(t)
	p.address = net.JoinHostPort(address, strconv.Itoa(c.port))
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := environment.BeServiceAccount(t.Context(), c.admin, namespace, p.pod.Spec.ServiceAccountName, kubeconfig); err != nil {
		t.Fatal(err)
	}
	p.command = exec.Command(c.program, append(args, "--kubeconfig", kubeconfig)...)
	p.command.Stdout, p.command.Stderr = &p.output, &p.output
	// Not longer than the test, whatever becomes of that.
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.command.ProcessState == nil {
			_ = p.command.Process.Kill()
			_ = p.command.Wait()
			t.Logf("the server says\n%s", p.output.String())
		}
	})
	c.bind(t, p.pod)
	p.pod.Status.Phase = corev1.PodRunning
	p.pod.Status.PodIP = address
	p.pod.Status.PodIPs = []corev1.PodIP{{IP: address}}
	p.pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	c.report(t, p.pod)
	return p
}

// awaitServed waits until the server shows the certificate of the secret, which is read into
// secret.
func (p *process) awaitServed(t *testing.T, secret *corev1.Secret) {
	t.Helper()
	p.cluster.await(t, "the server uses the certificate in the secret", func(ctx context.Context) error {
		if err := p.cluster.Get(ctx, client.ObjectKeyFromObject(secret), secret); err != nil {
			return err
		}
		pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(secret.Data["ca.crt"])
		dialer := &tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: host}}
		connection, err := dialer.DialContext(ctx, "tcp", p.address)
		if err != nil {
			return err
		}
		defer connection.Close()
		if shown := connection.(*tls.Conn).ConnectionState().PeerCertificates[0]; !bytes.Equal(shown.Raw, pair.Certificate[0]) {
			return fmt.Errorf("it shows that of %s", shown.NotBefore)
		}
		return nil
	})
}

// stop does what a node does for a pod that is deleted.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.cluster.await(t, "the pod is deleted", func(ctx context.Context) error {
		if err := p.cluster.Get(ctx, client.ObjectKeyFromObject(p.pod), p.pod); err != nil {
			return err
		}
		if p.pod.DeletionTimestamp == nil {
			return errors.New("it is not")
		}
		return nil
	})
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, p.output.String())
	}
	if err := p.cluster.Delete(t.Context(), p.pod, client.GracePeriodSeconds(0)); err != nil {
		t.Fatal(err)
	}
}

// passHelmTest runs helm test, and its pod.
func (c *cluster) passHelmTest(t *testing.T) {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		stdout, stderr, err := helm(t, c.here([]string{"test", release, "--timeout", timeout.String()}))
		if err != nil {
			err = fmt.Errorf("helm test: %w\n%s%s", err, stdout, stderr)
		}
		ended <- err
	}()
	pod := c.awaitPod(t, fullname+"-check")
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := environment.BeServiceAccount(t.Context(), c.admin, namespace, pod.Spec.ServiceAccountName, kubeconfig); err != nil {
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), c.program, append(pod.Spec.Containers[0].Args, "--kubeconfig", kubeconfig)...).CombinedOutput()
	if err != nil {
		t.Errorf("the pod of helm test: %v\n%s", err, output)
	}
	pod.Status.Phase = corev1.PodSucceeded
	if err != nil {
		pod.Status.Phase = corev1.PodFailed
	}
	c.report(t, pod)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	c.await(t, "nothing of helm test is left", func(ctx context.Context) error {
		return c.absent(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fullname + "-check"}})
	})
}

func (c *cluster) absent(ctx context.Context, object client.Object) error {
	err := c.Get(ctx, client.ObjectKeyFromObject(object), object)
	if err == nil {
		return fmt.Errorf("%s is there", object.GetName())
	}
	return client.IgnoreNotFound(err)
}

// awaitPod waits for a pod that nobody takes care of yet.
func (c *cluster) awaitPod(t *testing.T, name string) *corev1.Pod {
	t.Helper()
	pod := &corev1.Pod{}
	c.await(t, "there is a pod "+name, func(ctx context.Context) error {
		err := c.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, pod)
		if err == nil && (pod.Status.Phase != corev1.PodPending || pod.DeletionTimestamp != nil) {
			err = fmt.Errorf("it is an old one: %s", pod.Status.Phase)
		}
		return err
	})
	return pod
}

// awaitPodOf waits for a pod with this label that nobody takes care of yet.
func (c *cluster) awaitPodOf(t *testing.T, label, value string) *corev1.Pod {
	t.Helper()
	var pod *corev1.Pod
	c.await(t, "there is a pod of "+value, func(ctx context.Context) error {
		var pods corev1.PodList
		if err := c.List(ctx, &pods, client.InNamespace(namespace), client.MatchingLabels{label: value}); err != nil {
			return err
		}
		for i := range pods.Items {
			if pod = &pods.Items[i]; pod.Status.Phase == corev1.PodPending && pod.DeletionTimestamp == nil {
				return nil
			}
		}
		return fmt.Errorf("of %d pods none is a new one", len(pods.Items))
	})
	return pod
}

// bind has a pod run here.
func (c *cluster) bind(t *testing.T, pod *corev1.Pod) {
	t.Helper()
	if err := client.IgnoreAlreadyExists(c.Create(t.Context(), &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: nodeName}})); err != nil {
		t.Fatal(err)
	}
	err := c.core.CoreV1().Pods(pod.Namespace).Bind(t.Context(), &corev1.Binding{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name}, Target: corev1.ObjectReference{Kind: "Node", Name: nodeName},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// report writes the status of a pod, whatever else has changed.
func (c *cluster) report(t *testing.T, pod *corev1.Pod) {
	t.Helper()
	status := pod.Status
	c.await(t, "the cluster knows of the pod", func(ctx context.Context) error {
		if err := c.Get(ctx, client.ObjectKeyFromObject(pod), pod); err != nil {
			return err
		}
		pod.Status = status
		return c.Status().Update(ctx, pod)
	})
}

// ownAddress is one that a pod may have: of this machine, but not of the loopback interface.
func ownAddress(t *testing.T) string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	t.Fatal("this machine has no IPv4 address but that of the loopback interface, which can't be that of an endpoint in Kubernetes")
	return ""
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
