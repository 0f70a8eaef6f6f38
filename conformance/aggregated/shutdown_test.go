package aggregated_test

import (
	"context"
	"net/http"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("The end of a server", func() {
	It("is announced by /readyz while requests are still served, then ends watches and exits with 0", func(ctx context.Context) {
		s := start(ctx, "--shutdown-delay-duration=5s")
		namespace := framework.Namespace(ctx)
		agents := s.administrator().ArkV1alpha1().Agents(namespace)
		watch, err := agents.Watch(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		defer watch.Stop()

		s.Signal(syscall.SIGTERM)
		Eventually(func() int {
			status, _ := s.get(ctx, "/readyz")
			return status
		}).Should(Equal(http.StatusInternalServerError))
		_, err = agents.Create(ctx, &v1alpha1.Agent{
			ObjectMeta: metav1.ObjectMeta{Name: "late"}, Spec: v1alpha1.AgentSpec{Prompt: new("Be helpful.")},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred(), "endpoints still point to the server")
		Eventually(watch.ResultChan()).Should(Receive(), "the watch has the last write")

		Eventually(watch.ResultChan()).WithTimeout(stopTimeout).Should(BeClosed())
		Eventually(s.Session).WithTimeout(stopTimeout).Should(gexec.Exit(0))
	})
})
