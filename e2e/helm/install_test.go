package helm_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

var (
	apiServices    = schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}
	apiServiceName = "v1alpha1.ark.ai"
)

// apiService is how kube-apiserver sees the server.
func apiService(ctx context.Context) *unstructured.Unstructured {
	GinkgoHelper()
	object, err := framework.Dynamic.Resource(apiServices).Get(ctx, apiServiceName, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return object
}

// caBundle is by what kube-apiserver verifies the server.
func caBundle(ctx context.Context) string {
	GinkgoHelper()
	bundle, _, err := unstructured.NestedString(apiService(ctx).Object, "spec", "caBundle")
	Expect(err).NotTo(HaveOccurred())
	return bundle
}

// awaitService waits until the release has all its pods and kube-apiserver counts it as available.
func awaitService(ctx context.Context) {
	GinkgoHelper()
	awaitPods(ctx, release().PodLabels(), replicas())
	Eventually(ctx, func(g Gomega) {
		conditions, _, err := unstructured.NestedSlice(apiService(ctx).Object, "status", "conditions")
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(conditions).To(ContainElement(And(HaveKeyWithValue("type", "Available"), HaveKeyWithValue("status", "True"))))
		_, err = framework.Ark.ArkV1alpha1().Queries("").List(ctx, metav1.ListOptions{Limit: 1})
		g.Expect(err).NotTo(HaveOccurred())
	}).Should(Succeed())
}

// upgrade changes values, and changes them back when the spec ends.
func upgrade(ctx context.Context, values ...string) {
	GinkgoHelper()
	DeferCleanup(func(ctx context.Context) {
		_, err := release().Upgrade(ctx)
		Expect(err).NotTo(HaveOccurred())
		awaitService(ctx)
	})
	_, err := release().Upgrade(ctx, set(values...)...)
	Expect(err).NotTo(HaveOccurred())
}

// set is values as arguments of Helm.
func set(values ...string) (args []string) {
	for _, value := range values {
		args = append(args, "--set", value)
	}
	return args
}

// kubectl runs the program as an administrator, and returns what it prints.
func kubectl(ctx context.Context, args ...string) string {
	GinkgoHelper()
	program, err := environment.Program("kubectl")
	Expect(err).NotTo(HaveOccurred())
	output, err := exec.CommandContext(ctx, program, append(args, "--kubeconfig", framework.Env.Kubeconfig)...).CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s", output)
	return string(output)
}

var _ = Describe("An installed release", Serial, func() {
	BeforeEach(awaitService)

	It("is verified by kube-apiserver", func(ctx context.Context) {
		Expect(caBundle(ctx)).NotTo(BeEmpty())
		insecure, _, err := unstructured.NestedBool(apiService(ctx).Object, "spec", "insecureSkipTLSVerify")
		Expect(err).NotTo(HaveOccurred())
		Expect(insecure).To(BeFalse())
	})

	It("has the version that its image is tagged with", func(ctx context.Context) {
		image := pods(ctx, release().PodLabels())[0].Spec.Containers[0].Image
		version := strings.TrimPrefix(image[strings.LastIndex(image, ":")+1:], "v")
		if version == "dev" {
			version = "0.0.0-dev"
		}
		service := fmt.Sprintf("/api/v1/namespaces/%s/services/https:%s:https/proxy", release().Namespace, release().Name)
		Expect(kubectl(ctx, "get", "--raw", service+"/version")).To(ContainSubstring(`+ark.%s"`, version))
	})

	It("passes its own tests, which leave nothing behind", func(ctx context.Context) {
		before := owned(Default, ctx)
		output, err := release().Test(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(output).To(ContainSubstring("Succeeded"))
		Eventually(ctx, owned).Should(Equal(before))
	})

	It("keeps its certificate when it is upgraded", func(ctx context.Context) {
		certificate := func() map[string][]byte {
			secret, err := framework.Client.CoreV1().Secrets(release().Namespace).Get(ctx, release().Name+"-tls", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			return secret.Data
		}
		bundle, before := caBundle(ctx), certificate()
		Expect(before).To(And(HaveKey("tls.crt"), HaveKey("tls.key")))
		upgrade(ctx, "podAnnotations.verified=certificate")
		Expect(certificate()).To(Equal(before))
		Expect(caBundle(ctx)).To(Equal(bundle))
	})

	It("can't have several replicas on SQLite", func(ctx context.Context) {
		_, err := release().Upgrade(ctx, set("ark.storage.driver=sqlite", "ark.apiserver.replicas=2")...)
		Expect(err).To(MatchError(ContainSubstring("a SQLite file belongs to one process")))
	})
})
