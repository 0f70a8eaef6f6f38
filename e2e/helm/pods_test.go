package helm_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// replicas are those that the release is installed with.
func replicas() int {
	if framework.Env.Driver == environment.SQLite {
		return 1
	}
	return 2
}

// pods are those with labels in the release's namespace.
func pods(ctx context.Context, labels string) []corev1.Pod {
	GinkgoHelper()
	list, err := framework.Client.CoreV1().Pods(release().Namespace).List(ctx, metav1.ListOptions{LabelSelector: labels})
	Expect(err).NotTo(HaveOccurred())
	return list.Items
}

// uids of pods.
func uids(pods []corev1.Pod) (uids []string) {
	for _, pod := range pods {
		uids = append(uids, string(pod.UID))
	}
	slices.Sort(uids)
	return uids
}

// awaitPods waits until there are so many pods with labels, all ready and none that is ending, and
// returns them.
func awaitPods(ctx context.Context, labels string, number int) (ready []corev1.Pod) {
	GinkgoHelper()
	Eventually(ctx, func(g Gomega) {
		ready = pods(ctx, labels)
		g.Expect(ready).To(HaveLen(number))
		for _, pod := range ready {
			g.Expect(pod.DeletionTimestamp).To(BeNil(), pod.Name)
			g.Expect(isReady(pod)).To(BeTrue(), "%s is not ready", pod.Name)
		}
	}).Should(Succeed())
	return ready
}

func isReady(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(condition corev1.PodCondition) bool {
		return condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue
	})
}

// deleteByForce deletes a pod as kubectl delete --force does: the process is killed, and nobody is
// asked.
func deleteByForce(ctx context.Context, name string) {
	GinkgoHelper()
	now := int64(0)
	Expect(framework.Client.CoreV1().Pods(release().Namespace).Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: &now})).To(Succeed())
}
