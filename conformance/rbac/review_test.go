package rbac_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A question about rights is answered as the request is", func() {
	var namespace, user, group string
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		user, group = namespace+"-user", namespace+"-group"
		grant(ctx, namespace, userSubject(user), rule(verbs("get", "list"), "agents"), rule(verbs("update"), "agents/status"))
		named := rule(verbs("delete", "patch"), "agents", "agents/status")
		named.ResourceNames = []string{"poet"}
		grant(ctx, namespace, groupSubject(group), named)
		client := asUser(user, group)
		expectOnly(ctx, client, user, namespace, "get agents", "list agents", "update agents/status", "delete agents", "patch agents", "patch agents/status")
	})
	attributes := func(access access, namespace string) *authorizationv1.ResourceAttributes {
		return &authorizationv1.ResourceAttributes{
			Namespace: namespace, Verb: access.verb, Group: "ark.ai", Version: "v1alpha1",
			Resource: resourceOf(access.resource), Subresource: subresourceOf(access.resource), Name: access.name,
		}
	}
	// actually asks by making the request.
	actually := func(ctx context.Context, access access, namespace string) bool {
		GinkgoHelper()
		err := access.request(ctx, asUser(user, group), namespace)
		if err != nil {
			Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%s: %v", access, err)
		}
		return err == nil
	}

	It("to the user", func(ctx context.Context) {
		client := kube(impersonating(user, group)).AuthorizationV1().SelfSubjectAccessReviews()
		for _, access := range accesses {
			review, err := client.Create(ctx, &authorizationv1.SelfSubjectAccessReview{
				Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: attributes(access, namespace)},
			}, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			Expect(review.Status.Allowed).To(Equal(actually(ctx, access, namespace)), "%s: %s", access, review.Status.Reason)
		}
	})

	It("to others who may ask", func(ctx context.Context) {
		client := framework.Client.AuthorizationV1()
		for _, access := range accesses {
			allowed := actually(ctx, access, namespace)
			spec := authorizationv1.SubjectAccessReviewSpec{User: user, Groups: []string{group, "system:authenticated"}, ResourceAttributes: attributes(access, namespace)}
			review, err := client.SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{Spec: spec}, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			Expect(review.Status.Allowed).To(Equal(allowed), "%s: %s", access, review.Status.Reason)
			local, err := client.LocalSubjectAccessReviews(namespace).Create(ctx, &authorizationv1.LocalSubjectAccessReview{
				ObjectMeta: metav1.ObjectMeta{Namespace: namespace}, Spec: spec,
			}, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			Expect(local.Status.Allowed).To(Equal(allowed), "%s: %s", access, local.Status.Reason)
		}
	})

	It("about all namespaces", func(ctx context.Context) {
		list := accessTo("list", "agents")
		review, err := kube(impersonating(user, group)).AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
			Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: attributes(list, metav1.NamespaceAll)},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(review.Status.Allowed).To(BeFalse())
		Expect(actually(ctx, list, metav1.NamespaceAll)).To(BeFalse())
	})

	It("as a list of rules", func(ctx context.Context) {
		review, err := kube(impersonating(user, group)).AuthorizationV1().SelfSubjectRulesReviews().Create(ctx, &authorizationv1.SelfSubjectRulesReview{
			Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(review.Status.Incomplete).To(BeFalse())
		for _, access := range accesses {
			listed := slices.ContainsFunc(review.Status.ResourceRules, func(rule authorizationv1.ResourceRule) bool {
				return slices.Contains(rule.APIGroups, "ark.ai") && slices.Contains(rule.Resources, access.resource) && slices.Contains(rule.Verbs, access.verb) &&
					(len(rule.ResourceNames) == 0 || slices.Contains(rule.ResourceNames, access.name))
			})
			Expect(listed).To(Equal(actually(ctx, access, namespace)), access.String())
		}
	})

	It("about paths", func(ctx context.Context) {
		grantEverywhere(ctx, namespace, userSubject(user), rbacv1.PolicyRule{NonResourceURLs: []string{"/metrics"}, Verbs: verbs("get")})
		client := kube(impersonating(user, group))
		read := func(path string) error { return client.CoreV1().RESTClient().Get().AbsPath(path).Do(ctx).Error() }
		eventuallyAllowed(ctx, func() error { return read("/metrics") })
		for path, allowed := range map[string]bool{"/metrics": true, "/configz": false, "/livez": true} {
			Expect(read(path) == nil).To(Equal(allowed), path)
			review, err := client.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
				Spec: authorizationv1.SelfSubjectAccessReviewSpec{NonResourceAttributes: &authorizationv1.NonResourceAttributes{Path: path, Verb: "get"}},
			}, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			Expect(review.Status.Allowed).To(Equal(allowed), path)
		}
	})

	It("only to those who may ask about others", func(ctx context.Context) {
		_, err := kube(impersonating(user)).AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
			Spec: authorizationv1.SubjectAccessReviewSpec{User: "somebody", ResourceAttributes: attributes(accesses[0], namespace)},
		}, metav1.CreateOptions{})
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})
})
