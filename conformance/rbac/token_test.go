package rbac_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A service account's token", func() {
	const account = "robot"
	var namespace, user, token string
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		user = accountUser(namespace, account)
		token = newAccount(ctx, namespace, account)
	})
	list := func(ctx context.Context, config *rest.Config) error {
		GinkgoHelper()
		return accessTo("list", "agents").request(ctx, ark(config), namespace)
	}

	It("tells who the account is", func(ctx context.Context) {
		identity := whoami(ctx, bearing(token))
		Expect(identity.Username).To(Equal(user))
		Expect(identity.Groups).To(ConsistOf("system:serviceaccounts", "system:serviceaccounts:"+namespace, "system:authenticated"))
		stored, err := framework.Client.CoreV1().ServiceAccounts(namespace).Get(ctx, account, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(identity.UID).To(BeEquivalentTo(stored.UID))
		Expect(identity.Extra).To(HaveKey("authentication.kubernetes.io/credential-id"))
	})

	It("has the rights of the account", func(ctx context.Context) {
		expectOnly(ctx, ark(bearing(token)), user, namespace)
		grant(ctx, namespace, accountSubject(namespace, account), rule(verbs("get", "list", "watch"), "agents"))
		expectOnly(ctx, ark(bearing(token)), user, namespace, "get agents", "list agents", "watch agents")
	})

	DescribeTable("has the rights of the account's groups", func(ctx context.Context, group func(string) string) {
		grant(ctx, namespace, groupSubject(group(namespace)), rule(verbs("list"), "agents"))
		expectOnly(ctx, ark(bearing(token)), user, namespace, "list agents")
	},
		Entry("of all accounts of its namespace", func(namespace string) string { return "system:serviceaccounts:" + namespace }),
		Entry("of all accounts", func(string) string { return "system:serviceaccounts" }),
		Entry("of everybody who is known", func(string) string { return "system:authenticated" }),
	)

	It("is refused once the account is gone", func(ctx context.Context) {
		grant(ctx, namespace, accountSubject(namespace, account), rule(verbs("list"), "agents"))
		eventuallyAllowed(ctx, func() error { return list(ctx, bearing(token)) })
		Expect(framework.Client.CoreV1().ServiceAccounts(namespace).Delete(ctx, account, metav1.DeleteOptions{})).To(Succeed())
		untilUnauthorized(ctx, func() error { return list(ctx, bearing(token)) })

		// One of the same name is somebody else.
		again := newAccount(ctx, namespace, account)
		eventuallyAllowed(ctx, func() error { return list(ctx, bearing(again)) })
		Expect(list(ctx, bearing(token))).To(Satisfy(apierrors.IsUnauthorized))
	})

	It("is refused once the object that it is bound to is gone", func(ctx context.Context) {
		secrets := framework.Client.CoreV1().Secrets(namespace)
		secret, err := secrets.Create(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "lease-of-life"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		bound := newToken(ctx, namespace, account, authenticationv1.TokenRequestSpec{
			BoundObjectRef: &authenticationv1.BoundObjectReference{APIVersion: "v1", Kind: "Secret", Name: secret.Name, UID: secret.UID},
		})
		grant(ctx, namespace, accountSubject(namespace, account), rule(verbs("list"), "agents"))
		eventuallyAllowed(ctx, func() error { return list(ctx, bearing(bound)) })
		Expect(secrets.Delete(ctx, secret.Name, metav1.DeleteOptions{})).To(Succeed())
		untilUnauthorized(ctx, func() error { return list(ctx, bearing(bound)) })
		Expect(list(ctx, bearing(token))).To(Succeed())
	})

	It("expires when it was asked to", func(ctx context.Context) {
		request, err := framework.Client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account,
			&authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: ptr.To[int64](600)}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(request.Spec.ExpirationSeconds).To(HaveValue(BeEquivalentTo(600)))
		issued := request.CreationTimestamp.Time
		if issued.IsZero() {
			issued = request.Status.ExpirationTimestamp.Time
		}
		Expect(request.Status.ExpirationTimestamp.Sub(issued).Seconds()).To(BeNumerically("<=", 600))
		_, err = framework.Client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account,
			&authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: ptr.To[int64](1)}}, metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
	})

	It("for another audience is refused", func(ctx context.Context) {
		foreign := newToken(ctx, namespace, account, authenticationv1.TokenRequestSpec{Audiences: []string{"https://example.org"}})
		Expect(list(ctx, bearing(foreign))).To(Satisfy(apierrors.IsUnauthorized))
	})

	It("that was tampered with is refused", func(ctx context.Context) {
		Expect(list(ctx, bearing(token))).To(Satisfy(apierrors.IsForbidden))
		header, rest, _ := strings.Cut(token, ".")
		payload, signature, _ := strings.Cut(rest, ".")
		other := newAccount(ctx, namespace, "other")
		_, rest, _ = strings.Cut(other, ".")
		otherPayload, _, _ := strings.Cut(rest, ".")
		for _, forged := range []string{
			"nonsense",
			header + "." + payload + ".",
			header + "." + otherPayload + "." + signature,
			"eyJhbGciOiJub25lIn0." + payload + ".",
		} {
			err := list(ctx, bearing(forged))
			Expect(apierrors.IsUnauthorized(err)).To(BeTrue(), "%s: %v", forged, err)
			Expect(statusOf(err).Reason).To(Equal(metav1.StatusReasonUnauthorized))
		}
	})

	It("is only for those who may ask for it", func(ctx context.Context) {
		client := kube(bearing(token))
		_, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})

	It("is known to those who ask about it", func(ctx context.Context) {
		review, err := framework.Client.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: token}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(review.Status.Authenticated).To(BeTrue())
		Expect(review.Status.User.Username).To(Equal(user))
		review, err = framework.Client.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: "nonsense"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(review.Status.Authenticated).To(BeFalse())
	})
})

// untilUnauthorized waits until a server has forgotten that it knew a token.
func untilUnauthorized(ctx context.Context, request func() error) {
	GinkgoHelper()
	Eventually(ctx, request).WithTimeout(grantTimeout).Should(Satisfy(apierrors.IsUnauthorized))
}
