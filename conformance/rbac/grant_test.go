package rbac_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"

	"ark.ai/apiserver/conformance/framework"
)

// grantTimeout is for a right to be known, or to be forgotten, everywhere.
const grantTimeout = 30 * time.Second

// rule gives verbs on resources of Ark.
func rule(verbs []string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{"ark.ai"}, Resources: resources, Verbs: verbs}
}

func verbs(verbs ...string) []string { return verbs }

// grant gives a subject rights in a namespace, by a Role.
func grant(ctx context.Context, namespace string, subject rbacv1.Subject, rules ...rbacv1.PolicyRule) {
	GinkgoHelper()
	role, err := framework.Client.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{GenerateName: "role-"}, Rules: rules}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	bind(ctx, namespace, subject, rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name})
}

// grantEverywhere gives a subject rights in all namespaces and beyond, by a ClusterRole.
func grantEverywhere(ctx context.Context, namespace string, subject rbacv1.Subject, rules ...rbacv1.PolicyRule) {
	GinkgoHelper()
	bindEverywhere(ctx, namespace, subject, newClusterRole(ctx, namespace, rbacv1.ClusterRole{Rules: rules}))
}

// bind gives a subject a role in a namespace and returns the binding's name.
func bind(ctx context.Context, namespace string, subject rbacv1.Subject, role rbacv1.RoleRef) string {
	GinkgoHelper()
	binding, err := framework.Client.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "binding-"}, RoleRef: role, Subjects: []rbacv1.Subject{subject},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return binding.Name
}

// bindEverywhere gives a subject a cluster role for the time of a spec.
func bindEverywhere(ctx context.Context, namespace string, subject rbacv1.Subject, role rbacv1.RoleRef) {
	GinkgoHelper()
	bindings := framework.Client.RbacV1().ClusterRoleBindings()
	name := uniqueName(namespace)
	_, err := bindings.Create(ctx, &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: role, Subjects: []rbacv1.Subject{subject}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) { Expect(bindings.Delete(ctx, name, metav1.DeleteOptions{})).To(Succeed()) })
}

// newClusterRole makes a role for the time of a spec.
func newClusterRole(ctx context.Context, namespace string, role rbacv1.ClusterRole) rbacv1.RoleRef {
	GinkgoHelper()
	roles := framework.Client.RbacV1().ClusterRoles()
	role.Name = uniqueName(namespace)
	_, err := roles.Create(ctx, &role, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) { Expect(roles.Delete(ctx, role.Name, metav1.DeleteOptions{})).To(Succeed()) })
	return clusterRole(role.Name)
}

func clusterRole(name string) rbacv1.RoleRef {
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name}
}

// uniqueName is for what belongs to no namespace, but to a spec.
func uniqueName(namespace string) string { return namespace + "-" + rand.String(5) }

// eventuallyAllowed waits until a right has become known.
func eventuallyAllowed(ctx context.Context, request func() error) {
	GinkgoHelper()
	Eventually(ctx, request).WithTimeout(grantTimeout).WithPolling(50 * time.Millisecond).Should(Succeed())
}
