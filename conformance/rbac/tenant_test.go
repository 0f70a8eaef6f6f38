package rbac_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Who has the role admin in a namespace", func() {
	var (
		namespace, neighbour string
		client               kubernetes.Interface
	)
	BeforeEach(func(ctx context.Context) {
		namespace, neighbour = poetIn(ctx), poetIn(ctx)
		user := namespace + "-tenant"
		bind(ctx, namespace, userSubject(user), clusterRole("admin"))
		client = kube(impersonating(user))
		eventuallyAllowed(ctx, func() error {
			_, err := client.CoreV1().Secrets(namespace).List(ctx, metav1.ListOptions{})
			return err
		})
	})

	// What is refused is refused before anybody looks at it.
	DescribeTable("can't change what is everybody's", func(ctx context.Context, path string) {
		for _, verb := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
			err := client.CoreV1().RESTClient().Verb(verb).AbsPath(path).SetHeader("Content-Type", "application/json").Body([]byte(`{}`)).Do(ctx).Error()
			Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%s: %v", verb, err)
		}
	},
		Entry("webhooks that change", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"),
		Entry("webhooks that refuse", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"),
		Entry("policies", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"),
		Entry("bindings of policies", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"),
		Entry("policies that change", "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies"),
		Entry("servers of other groups", "/apis/apiregistration.k8s.io/v1/apiservices"),
		Entry("kinds", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
		Entry("flow schemas", "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas"),
		Entry("priority levels", "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations"),
		Entry("certificates", "/apis/certificates.k8s.io/v1/certificatesigningrequests"),
		Entry("cluster roles", "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
		Entry("their bindings", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"),
		Entry("namespaces", "/api/v1/namespaces"),
		Entry("ranges of addresses", "/apis/networking.k8s.io/v1/servicecidrs"),
		Entry("Ark's configuration", "/apis/ark.ai/v1alpha1/arkconfigs"),
	)

	It("can't get at a neighbour's secrets, tokens or objects", func(ctx context.Context) {
		for _, path := range []string{
			"/api/v1/namespaces/" + neighbour + "/secrets", "/api/v1/namespaces/" + neighbour + "/configmaps",
			"/apis/ark.ai/v1alpha1/namespaces/" + neighbour + "/agents", "/apis/ark.ai/v1alpha1/agents", "/api/v1/secrets",
		} {
			Expect(client.CoreV1().RESTClient().Get().AbsPath(path).Do(ctx).Error()).To(Satisfy(apierrors.IsForbidden), path)
		}
		err := client.CoreV1().RESTClient().Post().AbsPath("/api/v1/namespaces/" + neighbour + "/serviceaccounts/default/token").Body([]byte(`{}`)).Do(ctx).Error()
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})

	DescribeTable("can't lead a Service to the server's own or a cloud's addresses", func(ctx context.Context, address string) {
		// Not even an administrator can; the right to write endpoints is not in the role of every
		// cluster.
		_, err := framework.Client.DiscoveryV1().EndpointSlices(namespace).Create(ctx, &discoveryv1.EndpointSlice{
			ObjectMeta:  metav1.ObjectMeta{GenerateName: "lead-"},
			AddressType: discoveryv1.AddressTypeIPv4,
			Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{address}}},
		}, metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
		//nolint:staticcheck // Endpoints are deprecated, and still served.
		_, err = framework.Client.CoreV1().Endpoints(namespace).Create(ctx, &corev1.Endpoints{
			ObjectMeta: metav1.ObjectMeta{GenerateName: "lead-"},
			Subsets:    []corev1.EndpointSubset{{Addresses: []corev1.EndpointAddress{{IP: address}}}},
		}, metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
	},
		Entry("loopback", "127.0.0.1"),
		Entry("link-local, where metadata is", "169.254.169.254"),
		Entry("multicast", "224.0.0.1"),
		Entry("any", "0.0.0.0"),
	)
})
