package rbac_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/registry"
)

var _ = Describe("A cluster role that is made of others", func() {
	It("gives their rights, as they are now", func(ctx context.Context) {
		namespace := poetIn(ctx)
		user := namespace + "-user"
		labels := map[string]string{"example.org/aggregate-to": namespace}
		whole := newClusterRole(ctx, namespace, rbacv1.ClusterRole{AggregationRule: &rbacv1.AggregationRule{
			ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: labels}},
		}})
		bind(ctx, namespace, userSubject(user), whole)
		newClusterRole(ctx, namespace, rbacv1.ClusterRole{
			ObjectMeta: metav1.ObjectMeta{Labels: labels}, Rules: []rbacv1.PolicyRule{rule(verbs("get"), "agents")},
		})
		expectOnly(ctx, asUser(user), user, namespace, "get agents")
		newClusterRole(ctx, namespace, rbacv1.ClusterRole{
			ObjectMeta: metav1.ObjectMeta{Labels: labels}, Rules: []rbacv1.PolicyRule{rule(verbs("update"), "agents/status")},
		})
		expectOnly(ctx, asUser(user), user, namespace, "get agents", "update agents/status")
	})
})

var _ = Describe("Kubernetes' role", func() {
	var namespace, user string
	BeforeEach(func(ctx context.Context) {
		if framework.Env.Mode == environment.CRD {
			Skip("CustomResourceDefinitions bring no roles; ark-apiserver has them, or its manifest")
		}
		namespace = poetIn(ctx)
		user = namespace + "-user"
	})
	read := []string{"get agents", "list agents", "watch agents"}

	It("view lets read Ark objects", func(ctx context.Context) {
		bind(ctx, namespace, userSubject(user), clusterRole("view"))
		expectOnly(ctx, asUser(user), user, namespace, read...)
		// No role of the three is for secrets of others, and view is for none.
		_, err := kube(impersonating(user)).CoreV1().Secrets(namespace).List(ctx, metav1.ListOptions{})
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})

	for _, role := range []string{"edit", "admin"} {
		It(role+" lets write Ark objects, but not their statuses", func(ctx context.Context) {
			bind(ctx, namespace, userSubject(user), clusterRole(role))
			expectOnly(ctx, asUser(user), user, namespace, allAccesses("agents")...)
		})
	}

	It("cluster-admin lets do everything", func(ctx context.Context) {
		bind(ctx, namespace, userSubject(user), clusterRole("cluster-admin"))
		expectOnly(ctx, asUser(user), user, namespace, append(allAccesses("agents"), allAccesses("agents/status")...)...)
	})

	It("view, bound in the cluster, lets read every kind in every namespace", func(ctx context.Context) {
		bindEverywhere(ctx, namespace, userSubject(user), clusterRole("view"))
		client := asUser(user).ArkV1alpha1().RESTClient()
		for _, kind := range registry.Describe() {
			for _, version := range kind.Versions {
				eventuallyAllowed(ctx, func() error { return client.Get().AbsPath("/apis", version.String(), kind.Plural).Do(ctx).Error() })
			}
		}
	})
})
