package rbac_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Rights", func() {
	var namespace, elsewhere, user string
	BeforeEach(func(ctx context.Context) {
		namespace, elsewhere = poetIn(ctx), poetIn(ctx)
		user = namespace + "-user"
	})
	read := []string{"get agents", "list agents", "watch agents"}

	It("from a Role are of its namespace", func(ctx context.Context) {
		grant(ctx, namespace, userSubject(user), rule(verbs("get", "list", "watch"), "agents"))
		expectOnly(ctx, asUser(user), user, namespace, read...)
		expectOnly(ctx, asUser(user), user, elsewhere)
		expectNothingEverywhere(ctx, asUser(user), user)
	})

	It("from a ClusterRole that is bound in a namespace are of that namespace", func(ctx context.Context) {
		role := newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{rule(verbs("get", "list", "watch"), "agents")}})
		bind(ctx, namespace, userSubject(user), role)
		expectOnly(ctx, asUser(user), user, namespace, read...)
		expectOnly(ctx, asUser(user), user, elsewhere)
		expectNothingEverywhere(ctx, asUser(user), user)
	})

	It("from a ClusterRole that is bound in the cluster are of all namespaces", func(ctx context.Context) {
		grantEverywhere(ctx, namespace, userSubject(user), rule(verbs("get", "list", "watch"), "agents"))
		expectOnly(ctx, asUser(user), user, namespace, read...)
		expectOnly(ctx, asUser(user), user, elsewhere, read...)
		for _, verb := range []string{"list", "watch"} {
			Expect(accessTo(verb, "agents").request(ctx, asUser(user), metav1.NamespaceAll)).To(Succeed())
		}
		list, err := asUser(user).ArkV1alpha1().Agents(metav1.NamespaceAll).List(ctx, metav1.ListOptions{FieldSelector: "metadata.namespace=" + namespace})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(HaveLen(1))
	})

	It("let a selector without a field be refused for what it is", func(ctx context.Context) {
		grant(ctx, namespace, userSubject(user), rule(verbs("get", "list", "watch"), "agents"))
		list := func(selector string) error {
			_, err := asUser(user).ArkV1alpha1().Agents(namespace).List(ctx, metav1.ListOptions{FieldSelector: selector})
			return err
		}
		eventuallyAllowed(ctx, func() error { return list("metadata.name=poet") })
		Expect(list("=poet")).To(MatchError(apierrors.IsBadRequest, "is a bad request"))
		Expect(list("=poet,metadata.name=poet")).To(MatchError(apierrors.IsBadRequest, "is a bad request"))
		_, err := asUser(user).ArkV1alpha1().Models(namespace).List(ctx, metav1.ListOptions{FieldSelector: "=poet"})
		Expect(err).To(MatchError(apierrors.IsForbidden, "is forbidden"))
	})

	It("add up", func(ctx context.Context) {
		grant(ctx, namespace, userSubject(user), rule(verbs("get"), "agents"))
		grant(ctx, namespace, groupSubject(namespace+"-group"), rule(verbs("list"), "agents"))
		client := asUser(user, namespace+"-group")
		expectOnly(ctx, client, user, namespace, "get agents", "list agents")
	})

	It("of a binding to a role that does not exist are none", func(ctx context.Context) {
		bind(ctx, namespace, userSubject(user), rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "missing"})
		grant(ctx, namespace, userSubject(user), rule(verbs("get"), "agents"))
		eventuallyAllowed(ctx, func() error { return accessTo("get", "agents").request(ctx, asUser(user), namespace) })
		err := accessTo("list", "agents").request(ctx, asUser(user), namespace)
		Expect(err).To(MatchError(And(
			ContainSubstring(`cannot list resource "agents" in API group "ark.ai" in the namespace %q`, namespace),
			HaveSuffix(`RBAC: role.rbac.authorization.k8s.io "missing" not found`))))
	})

	It("are of whom their binding names", func(ctx context.Context) {
		group := namespace + "-group"
		grant(ctx, namespace, groupSubject(group), rule(verbs("get"), "agents"))
		expectOnly(ctx, asUser(user, group), user, namespace, "get agents")
		expectOnly(ctx, asUser(user), user, namespace)
		expectOnly(ctx, asUser(group), group, namespace)
		expectOnly(ctx, asUser(user, "other"), user, namespace)
	})

	It("end when their binding goes", func(ctx context.Context) {
		role := newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{rule(verbs("get", "watch"), "agents")}})
		binding := bind(ctx, namespace, userSubject(user), role)
		client := asUser(user)
		expectOnly(ctx, client, user, namespace, "get agents", "watch agents")
		Expect(framework.Client.RbacV1().RoleBindings(namespace).Delete(ctx, binding, metav1.DeleteOptions{})).To(Succeed())
		for _, verb := range []string{"get", "watch"} {
			access := accessTo(verb, "agents")
			Eventually(ctx, func() error { return access.request(ctx, client, namespace) }).WithTimeout(grantTimeout).ShouldNot(Succeed())
			access.expectDenied(access.request(ctx, client, namespace), user, namespace)
		}
	})

	It("change with their role", func(ctx context.Context) {
		role := newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{rule(verbs("get"), "agents")}})
		bind(ctx, namespace, userSubject(user), role)
		client := asUser(user)
		expectOnly(ctx, client, user, namespace, "get agents")
		roles := framework.Client.RbacV1().ClusterRoles()
		stored, err := roles.Get(ctx, role.Name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		stored.Rules = []rbacv1.PolicyRule{rule(verbs("list"), "agents")}
		_, err = roles.Update(ctx, stored, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		expectOnly(ctx, client, user, namespace, "list agents")
	})
})
