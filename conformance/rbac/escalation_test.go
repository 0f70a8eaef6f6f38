package rbac_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

var _ = Describe("Who may write roles", func() {
	var (
		namespace, user string
		client          kubernetes.Interface
	)
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		user = namespace + "-user"
		client = kube(impersonating(user))
		grant(ctx, namespace, userSubject(user),
			rbacv1.PolicyRule{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"roles", "rolebindings"}, Verbs: verbs("create", "update", "patch")},
			rule(verbs("get"), "agents"))
	})
	// offer tries to make a role.
	offer := func(ctx context.Context, rules ...rbacv1.PolicyRule) (string, error) {
		role, err := client.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{GenerateName: "offer-"}, Rules: rules}, metav1.CreateOptions{})
		if err != nil {
			return "", err
		}
		return role.Name, nil
	}
	// give tries to bind a role.
	give := func(ctx context.Context, role rbacv1.RoleRef) error {
		_, err := client.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{GenerateName: "gift-"}, RoleRef: role, Subjects: []rbacv1.Subject{userSubject(user + "-friend")},
		}, metav1.CreateOptions{})
		return err
	}
	own := rule(verbs("get"), "agents")
	more := rule(verbs("get", "delete"), "agents")

	It("gives away the rights that they have", func(ctx context.Context) {
		var role string
		eventuallyAllowed(ctx, func() (err error) {
			role, err = offer(ctx, own)
			return err
		})
		Expect(give(ctx, rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role})).To(Succeed())
		friend := user + "-friend"
		expectOnly(ctx, asUser(friend), friend, namespace, "get agents")
	})

	It("can't give rights that they don't have", func(ctx context.Context) {
		eventuallyAllowed(ctx, func() error {
			_, err := offer(ctx, own)
			return err
		})
		_, err := offer(ctx, more)
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(`is attempting to grant RBAC permissions not currently held:`)))
		Expect(err).To(MatchError(ContainSubstring(`{APIGroups:["ark.ai"], Resources:["agents"], Verbs:["delete"]}`)))

		role := newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{more}})
		Expect(give(ctx, role)).To(MatchError(ContainSubstring(`is attempting to grant RBAC permissions not currently held:`)))
		_, err = client.RbacV1().ClusterRoles().Create(ctx, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: uniqueName(namespace)}, Rules: []rbacv1.PolicyRule{own}}, metav1.CreateOptions{})
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})

	It("can't make a role greater that somebody has", func(ctx context.Context) {
		var role string
		eventuallyAllowed(ctx, func() (err error) {
			role, err = offer(ctx, own)
			return err
		})
		_, err := client.RbacV1().Roles(namespace).Update(ctx, &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: role}, Rules: []rbacv1.PolicyRule{more}}, metav1.UpdateOptions{})
		Expect(err).To(MatchError(ContainSubstring(`is attempting to grant RBAC permissions not currently held:`)))
	})

	It("makes any role with the right to escalate", func(ctx context.Context) {
		grant(ctx, namespace, userSubject(user), rbacv1.PolicyRule{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"roles"}, Verbs: verbs("escalate")})
		eventuallyAllowed(ctx, func() error {
			_, err := offer(ctx, more)
			return err
		})
	})

	It("gives the roles that they have the right to bind", func(ctx context.Context) {
		role := newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{more}})
		other := newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{more}})
		grant(ctx, namespace, userSubject(user), rbacv1.PolicyRule{
			APIGroups: []string{rbacv1.GroupName}, Resources: []string{"clusterroles"}, ResourceNames: []string{role.Name}, Verbs: verbs("bind"),
		})
		eventuallyAllowed(ctx, func() error { return give(ctx, role) })
		Expect(give(ctx, other)).To(Satisfy(apierrors.IsForbidden))
		friend := user + "-friend"
		expectOnly(ctx, asUser(friend), friend, namespace, "get agents", "delete agents")
	})
})
