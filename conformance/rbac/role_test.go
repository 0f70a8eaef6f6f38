package rbac_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A role", func() {
	var namespace, user string
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		user = namespace + "-user"
	})

	It("is needed for everything", func(ctx context.Context) {
		expectOnly(ctx, asUser(user), user, namespace)
		expectNothingEverywhere(ctx, asUser(user), user)
	})

	for _, access := range accesses {
		It("that allows to "+access.String()+" allows nothing else", func(ctx context.Context) {
			grant(ctx, namespace, userSubject(user), rule(verbs(access.verb), access.resource))
			expectOnly(ctx, asUser(user), user, namespace, access.String())
		})
	}

	DescribeTable("covers", func(ctx context.Context, rule rbacv1.PolicyRule, allowed []string) {
		grant(ctx, namespace, userSubject(user), rule)
		expectOnly(ctx, asUser(user), user, namespace, allowed...)
	},
		Entry("all verbs of a resource with *, but not its subresources", rule(verbs("*"), "agents"), allAccesses("agents")),
		Entry("all verbs of a subresource, but not its resource", rule(verbs("*"), "agents/status"), allAccesses("agents/status")),
		Entry("a subresource of all resources with */status", rule(verbs("*"), "*/status"), allAccesses("agents/status")),
		Entry("all resources and subresources with *", rule(verbs("get"), "*"), []string{"get agents", "get agents/status"}),
		Entry("all groups with *", rbacv1.PolicyRule{APIGroups: []string{"*"}, Resources: []string{"agents"}, Verbs: verbs("list")}, []string{"list agents"}),
		Entry("nothing of other groups", rbacv1.PolicyRule{APIGroups: []string{"", "example.org"}, Resources: []string{"*"}, Verbs: verbs("*")}, nil),
		Entry("nothing of other resources", rule(verbs("*"), "queries", "models"), nil),
	)

	It("may name the objects", func(ctx context.Context) {
		named := rule(verbs("*"), "agents", "agents/status")
		named.ResourceNames = []string{"poet"}
		grant(ctx, namespace, userSubject(user), named)
		client := asUser(user)
		expectOnly(ctx, client, user, namespace,
			"get agents", "update agents", "patch agents", "delete agents", "get agents/status", "update agents/status", "patch agents/status")

		_, err := framework.Ark.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, err = client.ArkV1alpha1().Agents(namespace).Get(ctx, "critic", metav1.GetOptions{})
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
		Expect(client.ArkV1alpha1().Agents(namespace).Delete(ctx, "critic", metav1.DeleteOptions{})).To(Satisfy(apierrors.IsForbidden))
	})

	It("that names an object allows to list and to watch it", func(ctx context.Context) {
		named := rule(verbs("list", "watch", "deletecollection"), "agents")
		named.ResourceNames = []string{"poet"}
		grant(ctx, namespace, userSubject(user), named)
		client := asUser(user).ArkV1alpha1().Agents(namespace)
		only := metav1.ListOptions{FieldSelector: "metadata.name=poet"}
		eventuallyAllowed(ctx, func() error {
			list, err := client.List(ctx, only)
			if err == nil {
				Expect(list.Items).To(HaveLen(1))
			}
			return err
		})
		watch, err := client.Watch(ctx, only)
		Expect(err).NotTo(HaveOccurred())
		watch.Stop()
		for _, other := range []metav1.ListOptions{{}, {FieldSelector: "metadata.name=critic"}} {
			_, err := client.List(ctx, other)
			Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v: %v", other, err)
		}
	})

	It("needs create for what a patch creates", func(ctx context.Context) {
		grant(ctx, namespace, userSubject(user), rule(verbs("patch"), "agents"))
		client := asUser(user)
		eventuallyAllowed(ctx, func() error { return accessTo("patch", "agents").request(ctx, client, namespace) })
		apply := func() error {
			_, err := client.ArkV1alpha1().Agents(namespace).Patch(ctx, "critic", types.ApplyPatchType,
				[]byte(`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "critic"}}`), metav1.PatchOptions{FieldManager: "critic"})
			return err
		}
		Expect(apply()).To(Satisfy(apierrors.IsForbidden))
		grant(ctx, namespace, userSubject(user), rule(verbs("create"), "agents"))
		eventuallyAllowed(ctx, apply)
	})

	It("does not let main and subresource write each other's part", func(ctx context.Context) {
		grant(ctx, namespace, userSubject(user), rule(verbs("update"), "agents/status"))
		changed := current(ctx, namespace)
		changed.Spec.Prompt = new("Hijacked.")
		changed.Labels = map[string]string{"hijacked": "yes"}
		changed.Status = v1alpha1.AgentStatus{Conditions: []metav1.Condition{
			{Type: "Available", Status: metav1.ConditionTrue, Reason: "Available", LastTransitionTime: metav1.Unix(1, 0)},
		}}
		eventuallyAllowed(ctx, func() error {
			_, err := asUser(user).ArkV1alpha1().Agents(namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
			return err
		})
		stored := current(ctx, namespace)
		Expect(stored.Status.Conditions).To(HaveLen(1))
		Expect(stored.Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
	})
})
