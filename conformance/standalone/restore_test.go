package standalone_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var _ = Describe("An older dump that is restored under a running server", framework.OnPostgreSQL, func() {
	It("takes back what was written since, rights included", func(ctx context.Context) {
		made := postgrestest.Shared(GinkgoTB()).NewDatabase(GinkgoTB())
		s := start(ctx, newDir(), in(made))
		agents := s.ark().Agents(metav1.NamespaceDefault)
		kept := s.createAgent(ctx, "kept")
		dump, err := made.Dump()
		Expect(err).NotTo(HaveOccurred())

		lost := s.createAgent(ctx, "lost")
		_, err = s.client().RbacV1().ClusterRoleBindings().Create(ctx, &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "eve"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "eve"}},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		config := s.config()
		config.Impersonate = rest.ImpersonationConfig{UserName: "eve"}
		eve := versioned.NewForConfigOrDie(config).ArkV1alpha1().Agents(metav1.NamespaceDefault)
		listAsEve := func() error {
			_, err := eve.List(ctx, metav1.ListOptions{})
			return err
		}
		Eventually(ctx, listAsEve).Should(Succeed())

		_, err = made.Restore(dump, "SELECT 1")
		Expect(err).NotTo(HaveOccurred())
		Eventually(ctx, listAsEve).Should(Satisfy(apierrors.IsForbidden))
		for _, version := range []string{"", "0", lost.ResourceVersion} {
			names := func() (names []string, err error) {
				list, err := agents.List(ctx, metav1.ListOptions{ResourceVersion: version})
				for _, agent := range list.Items {
					names = append(names, agent.Name)
				}
				return names, err
			}
			Eventually(ctx, names).Should(ConsistOf(kept.Name), "as of %q", version)
		}
		w, err := agents.Watch(ctx, metav1.ListOptions{ResourceVersion: lost.ResourceVersion})
		Expect(err).NotTo(HaveOccurred())
		defer w.Stop()
		Expect(apierrors.FromObject((<-w.ResultChan()).Object)).To(Satisfy(apierrors.IsResourceExpired))
		Expect(revision(s.createAgent(ctx, "after"))).To(BeNumerically(">", revision(lost)+1_000_000))
	})
})
