package helm_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

// killScript ends the processes of a pod's containers, given a pattern for its UID in the names of
// control groups. It runs among the processes of the node: a process can't be killed from within
// its own container if it is the first one there.
const killScript = `for process in /proc/[0-9]*; do
  if grep -q "$POD" "$process/cgroup" 2>/dev/null && [ "$(cat "$process/comm")" != pause ]; then
    kill -KILL "${process#/proc/}"
  fi
done`

// kill sends SIGKILL to all processes of a pod, and waits until its container has been started
// again.
func kill(ctx context.Context, victim corev1.Pod) {
	GinkgoHelper()
	namespace := privilegedNamespace(ctx)
	killer, err := framework.Client.CoreV1().Pods(namespace).Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "killer-"},
		Spec: corev1.PodSpec{
			NodeName: victim.Spec.NodeName, HostPID: true, RestartPolicy: corev1.RestartPolicyNever,
			Tolerations: []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
			Containers: []corev1.Container{{
				Name: "killer", Image: framework.Env.ShellImage(),
				Command:         []string{"sh", "-c", killScript},
				Env:             []corev1.EnvVar{{Name: "POD", Value: strings.ReplaceAll(string(victim.UID), "-", "[-_]")}},
				SecurityContext: &corev1.SecurityContext{RunAsUser: ptr.To[int64](0), Privileged: ptr.To(true)},
			}},
		},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	Eventually(ctx, func(g Gomega) {
		now, err := framework.Client.CoreV1().Pods(namespace).Get(ctx, killer.Name, metav1.GetOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(now.Status.Phase).To(Equal(corev1.PodSucceeded), "%s", now.Status.Message)
	}).Should(Succeed())
	Eventually(ctx, func(g Gomega) {
		now, err := framework.Client.CoreV1().Pods(victim.Namespace).Get(ctx, victim.Name, metav1.GetOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(now.Status.ContainerStatuses).NotTo(BeEmpty())
		g.Expect(now.Status.ContainerStatuses[0].RestartCount).To(BeNumerically(">", victim.Status.ContainerStatuses[0].RestartCount))
	}).Should(Succeed())
}

// privilegedNamespace is one for pods that see their node.
func privilegedNamespace(ctx context.Context) string {
	GinkgoHelper()
	name := framework.Namespace(ctx)
	_, err := framework.Client.CoreV1().Namespaces().Patch(ctx, name, "application/merge-patch+json",
		[]byte(`{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}`), metav1.PatchOptions{})
	Expect(err).NotTo(HaveOccurred())
	return name
}
