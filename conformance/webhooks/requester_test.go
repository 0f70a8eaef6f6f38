package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var _ = Describe("A webhook is told who makes the request", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, allow, onCreate("agents")))
	})
	// requester is who the webhook hears of when a client creates something.
	requester := func(ctx context.Context, config *rest.Config) authenticationv1.UserInfo {
		GinkgoHelper()
		client, err := versioned.NewForConfig(config)
		Expect(err).NotTo(HaveOccurred())
		Eventually(ctx, func() error {
			_, err := client.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
			return err
		}).WithTimeout(inForceTimeout).Should(Succeed())
		return receiver.last(asked).UserInfo
	}

	DescribeTable("with everything that identifies", func(ctx context.Context, suffix string) {
		user := namespace + suffix
		grantEverything(ctx, namespace, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user})
		config := rest.CopyConfig(framework.Config)
		config.Impersonate = rest.ImpersonationConfig{
			UserName: user,
			UID:      "b7c1" + suffix,
			Groups:   []string{"authors" + suffix, "critics"},
			Extra:    map[string][]string{"example.org/scopes": {"poems" + suffix, "plays"}, "Über: 100%": {"yes"}},
		}
		Expect(requester(ctx, config)).To(Equal(authenticationv1.UserInfo{
			Username: user,
			UID:      "b7c1" + suffix,
			Groups:   []string{"authors" + suffix, "critics", "system:authenticated"},
			Extra: map[string]authenticationv1.ExtraValue{
				"example.org/scopes": {"poems" + suffix, "plays"},
				"Über: 100%":         {"yes"},
			},
		}))
	},
		Entry("a user", ""),
		Entry("a user with an address", `-"Zoe O'Hara" <zoe@example.org>`),
		Entry("a user with letters of all kinds", ":Zoë/丽 100%, a=b;c"),
	)

	It("as the server knows a service account by its token", func(ctx context.Context) {
		accounts := framework.Client.CoreV1().ServiceAccounts(namespace)
		_, err := accounts.Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "author"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		token, err := accounts.CreateToken(ctx, "author", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		grantEverything(ctx, namespace, rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: "author"})
		config := rest.AnonymousClientConfig(framework.Config)
		config.BearerToken = token.Status.Token

		got := requester(ctx, config)
		Expect(got.Username).To(Equal("system:serviceaccount:" + namespace + ":author"))
		Expect(got.UID).NotTo(BeEmpty())
		Expect(got.Extra).To(HaveKey("authentication.kubernetes.io/credential-id"))
		client, err := kubernetes.NewForConfig(config)
		Expect(err).NotTo(HaveOccurred())
		self, err := client.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got).To(Equal(self.Status.UserInfo))
	})
})

// grantEverything lets somebody write agents in a namespace.
func grantEverything(ctx context.Context, namespace string, subjects ...rbacv1.Subject) {
	GinkgoHelper()
	roles := framework.Client.RbacV1()
	create(ctx, roles.Roles(namespace), &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{Name: "everything"},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"ark.ai"}, Resources: []string{"*"}, Verbs: []string{"*"}}},
	})
	create(ctx, roles.RoleBindings(namespace), &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "everything"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "everything"},
		Subjects:   subjects,
	})
}
