package webhooks_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var _ = Describe("Others are served while a webhook", func() {
	var (
		namespace string
		receiver  *receiver
		// author and reader are ordinary users, whose requests wait for each other if they have to.
		author, reader versioned.Interface
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
		users := ordinary(ctx, namespace, "author", "reader")
		author, reader = users[0], users[1]
	})
	// serves wants the reader to be served.
	serves := func(ctx context.Context) {
		GinkgoHelper()
		for range 20 {
			_, err := reader.ArkV1alpha1().Queries(namespace).Create(ctx, query("weather"), dryRunCreate)
			Expect(err).NotTo(HaveOccurred())
			_, err = reader.ArkV1alpha1().Agents(namespace).List(ctx, metav1.ListOptions{})
			Expect(err).NotTo(HaveOccurred())
		}
	}

	It("hangs, which does not last longer than its timeout", func(ctx context.Context) {
		const requests = 20
		hanging := receiver.webhook(failing, func(ctx context.Context, _ http.ResponseWriter, _ *admissionv1.AdmissionRequest) { <-ctx.Done() }, onCreate("agents"))
		hanging.TimeoutSeconds = ptr.To[int32](5)
		registerValidating(ctx, namespace, receiver, hanging)
		results := make(chan error, requests)
		for i := range requests {
			go func() {
				_, err := author.ArkV1alpha1().Agents(namespace).Create(ctx, agent(fmt.Sprintf("poet-%d", i)), metav1.CreateOptions{})
				results <- err
			}()
		}
		Eventually(ctx, func() int { return len(receiver.requests(failing)) }).WithTimeout(inForceTimeout).Should(BeNumerically(">=", requests))
		serves(ctx)
		Expect(results).NotTo(Receive(), "nobody was served while the webhook was asked")
		for range requests {
			var err error
			Eventually(ctx, results).WithTimeout(inForceTimeout).Should(Receive(&err))
			Expect(err).To(MatchError(ContainSubstring("deadline exceeded")))
		}
		Expect(agents(namespace).List(ctx, metav1.ListOptions{})).To(HaveField("Items", BeEmpty()))
	})

	It("makes what it is asked about, without end, but for its timeout", func(ctx context.Context) {
		var depth atomic.Int32
		recursive := receiver.webhook(failing, func(ctx context.Context, response http.ResponseWriter, request *admissionv1.AdmissionRequest) {
			// The caller gives up, not the webhook.
			_, _ = author.ArkV1alpha1().Agents(namespace).Create(ctx, agent(fmt.Sprintf("poet-%d", depth.Add(1))), metav1.CreateOptions{})
			allow(ctx, response, request)
		}, onCreate("agents"))
		recursive.TimeoutSeconds = ptr.To[int32](3)
		registerValidating(ctx, namespace, receiver, recursive)
		result := make(chan error, 1)
		go func() {
			_, err := author.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
			result <- err
		}()
		Eventually(ctx, depth.Load).WithTimeout(inForceTimeout).Should(BeNumerically(">", 20))
		serves(ctx)
		var err error
		Eventually(ctx, result).WithTimeout(inForceTimeout).Should(Receive(&err))
		Expect(err).To(HaveOccurred())
		AddReportEntry("recursion", fmt.Sprintf("%d calls before the timeout of 3s", depth.Load()), ReportEntryVisibilityAlways)
		By("waiting until no call is left")
		Eventually(ctx, func() int32 {
			before := depth.Load()
			serves(ctx)
			return depth.Load() - before
		}).WithTimeout(inForceTimeout).Should(BeZero())
		Expect(agents(namespace).List(ctx, metav1.ListOptions{})).To(HaveField("Items", BeEmpty()))
	})
})

// Who may register webhooks may have the server connect to anything that it reaches: as in
// Kubernetes, that is for administrators.
var _ = Describe("A webhook's address", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})
	at := func(address string) registrationv1.MutatingWebhook {
		webhook := receiver.webhook(failing, allow, onCreate("agents"))
		webhook.ClientConfig.URL, webhook.TimeoutSeconds = &address, ptr.To[int32](1)
		return webhook
	}

	DescribeTable("is refused", func(ctx context.Context, address, because string) {
		configurations := framework.Client.AdmissionregistrationV1().ValidatingWebhookConfigurations()
		_, err := configurations.Create(ctx, &registrationv1.ValidatingWebhookConfiguration{
			ObjectMeta: metav1.ObjectMeta{Name: uniqueName(namespace)},
			Webhooks:   []registrationv1.ValidatingWebhook{validating(at(address))},
		}, metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(because)))
	},
		Entry("without TLS, as metadata services have it", "http://169.254.169.254/latest/meta-data", "'https' is the only allowed URL scheme"),
		Entry("of a file", "file:///etc/passwd", "'https' is the only allowed URL scheme"),
		Entry("with a password", "https://user:password@127.0.0.1/", "user information is not permitted in the URL"),
		Entry("with parameters", "https://127.0.0.1/?a=b", "query parameters are not permitted in the URL"),
		Entry("with a fragment", "https://127.0.0.1/#a", "fragments are not permitted in the URL"),
	)

	It("gets no credentials of the server's", func(ctx context.Context) {
		var header http.Header
		var certificates int
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, allow, onCreate("agents")))
		receiver.inspect = func(request *http.Request) {
			header, certificates = request.Header.Clone(), len(request.TLS.PeerCertificates)
		}
		created(ctx, namespace, agent("poet"))
		Expect(header).NotTo(BeEmpty())
		for _, name := range []string{"Authorization", "Cookie", "X-Remote-User", "X-Remote-Group", "Impersonate-User"} {
			Expect(header).NotTo(HaveKey(name))
		}
		Expect(certificates).To(BeZero())
	})

	It("may be the server itself, which gets a stranger's request", func(ctx context.Context) {
		for address, authority := range ownAddresses() {
			webhook := at(address + "/apis/ark.ai/v1alpha1/namespaces/" + namespace + "/agents")
			webhook.ClientConfig.CABundle = authority
			own := framework.Namespace(ctx)
			registerValidating(ctx, own, receiver, webhook)
			_, err := agents(own).Create(ctx, agent("poet"), metav1.CreateOptions{})
			Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
			Expect(err).To(MatchError(ContainSubstring("failed calling webhook")))
			Expect(err).To(MatchError(ContainSubstring(`User "system:anonymous" cannot create resource "agents"`)))
		}
	})

	It("may be one where nobody is, which ends with its timeout and tells nothing but that", func(ctx context.Context) {
		registerValidating(ctx, namespace, receiver, at("https://169.254.169.254/latest/meta-data"))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("failed calling webhook")))
	})

	DescribeTable("leads elsewhere only by a redirection that keeps the request, to who has a certificate of the same authority",
		func(ctx context.Context, status int, followed bool) {
			other := newReceiver()
			other.webhook("elsewhere.example.org", denyWith("said elsewhere"))
			registerValidating(ctx, namespace, receiver, receiver.webhook(failing, func(_ context.Context, response http.ResponseWriter, _ *admissionv1.AdmissionRequest) {
				response.Header().Set("Location", other.server.URL+"/elsewhere.example.org")
				response.WriteHeader(status)
			}, onCreate("agents")))
			_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
			if followed {
				Expect(err).To(MatchError(ContainSubstring("said elsewhere")))
				return
			}
			Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
			Expect(other.requests("elsewhere.example.org")).To(BeEmpty())
		},
		Entry("301", http.StatusMovedPermanently, false),
		Entry("302", http.StatusFound, false),
		Entry("303", http.StatusSeeOther, false),
		Entry("307", http.StatusTemporaryRedirect, true),
		Entry("308", http.StatusPermanentRedirect, true),
	)
})

// ownAddresses are those of the servers that decide about admission of Ark objects, with their
// authorities.
func ownAddresses() map[string][]byte {
	GinkgoHelper()
	var configs []*rest.Config
	for _, server := range framework.Env.Servers {
		// A webhook can't say by which name to verify an address, as that of a pod has to be.
		if config := server.Config(framework.Config); config.ServerName == "" {
			configs = append(configs, config)
		}
	}
	if len(configs) == 0 {
		configs = append(configs, framework.Config)
	}
	addresses := map[string][]byte{}
	for _, config := range configs {
		Expect(rest.LoadTLSFiles(config)).To(Succeed())
		addresses[config.Host] = config.CAData
	}
	return addresses
}

// ordinary are clients of users who may read and write in a namespace.
func ordinary(ctx context.Context, namespace string, names ...string) []versioned.Interface {
	GinkgoHelper()
	var clients []versioned.Interface
	var subjects []rbacv1.Subject
	for _, name := range names {
		config := rest.CopyConfig(framework.Config)
		config.Impersonate = rest.ImpersonationConfig{UserName: namespace + "-" + name}
		clients = append(clients, versioned.NewForConfigOrDie(config))
		subjects = append(subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: config.Impersonate.UserName})
	}
	grantEverything(ctx, namespace, subjects...)
	for _, client := range clients {
		Eventually(ctx, func() error {
			_, err := client.ArkV1alpha1().Agents(namespace).List(ctx, metav1.ListOptions{})
			return err
		}).WithTimeout(inForceTimeout).Should(Succeed())
	}
	return clients
}
