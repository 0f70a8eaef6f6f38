package aggregated_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// Custom resources are checked by kube-apiserver where this plugin is on; objects of servers behind
// it are not.
var _ = Describe("OwnerReferencesPermissionEnforcement", func() {
	const user = "jane"

	// claim is the user's creation of a query that belongs to another one.
	claim := func(ctx context.Context, s *server, namespace string, block bool) error {
		GinkgoHelper()
		top, err := s.administrator().ArkV1alpha1().Queries(namespace).Create(ctx, newQuery(names.SimpleNameGenerator.GenerateName("query-")), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		leaf := newQuery(names.SimpleNameGenerator.GenerateName("query-"))
		leaf.OwnerReferences = []metav1.OwnerReference{{
			APIVersion: "ark.ai/v1alpha1", Kind: "Query", Name: top.Name, UID: top.UID, BlockOwnerDeletion: &block,
		}}
		_, err = s.as(user).ArkV1alpha1().Queries(namespace).Create(ctx, leaf, metav1.CreateOptions{})
		return err
	}

	It("keeps who may not write an owner's finalizers from blocking its deletion, if it is switched on", func(ctx context.Context) {
		s := start(ctx, "--enable-admission-plugins=OwnerReferencesPermissionEnforcement")
		namespace := framework.Namespace(ctx)
		grant(ctx, namespace, user, []string{"create"}, "queries")
		Eventually(ctx, claim).WithArguments(ctx, s, namespace, false).WithTimeout(decisionTimeout).Should(Succeed())
		err := claim(ctx, s, namespace, true)
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on")))
		grant(ctx, namespace, user, []string{"update"}, "queries/finalizers")
		Eventually(ctx, claim).WithArguments(ctx, s, namespace, true).WithTimeout(decisionTimeout).Should(Succeed())
	})

	It("is off unless it is switched on, as in kube-apiserver", func(ctx context.Context) {
		s := start(ctx)
		namespace := framework.Namespace(ctx)
		grant(ctx, namespace, user, []string{"create"}, "queries")
		Eventually(ctx, claim).WithArguments(ctx, s, namespace, true).WithTimeout(decisionTimeout).Should(Succeed())
	})
})

// as is a user's client, who is impersonated by the administrator.
func (s *server) as(user string) *versioned.Clientset {
	GinkgoHelper()
	config := s.config()
	config.Impersonate = rest.ImpersonationConfig{UserName: user}
	return versioned.NewForConfigOrDie(config)
}
