package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A mutating admission policy", func() {
	var namespace string
	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	// mutate puts one into force.
	mutate := func(ctx context.Context, rule registrationv1.RuleWithOperations, mutations ...registrationv1.Mutation) {
		GinkgoHelper()
		enforceMutating(ctx, namespace, mutatingSpec{MatchConstraints: matching(rule), Mutations: mutations})
	}

	It("merges an apply configuration into what is created and updated", func(ctx context.Context) {
		mutate(ctx, onAny("agents"), applyConfiguration(`Object{
			metadata: Object.metadata{labels: Object.metadata.labels{team: "red"}},
			spec: Object.spec{description: "Made in " + object.metadata.namespace, modelRef: Object.spec.modelRef{name: "big"}}}`))
		poet := agent("poet")
		poet.Labels = map[string]string{"genre": "lyric"}
		stored := created(ctx, namespace, poet)
		Expect(stored.Labels).To(Equal(map[string]string{"genre": "lyric", "team": "red"}))
		Expect(stored.Spec.Description).To(HaveValue(Equal("Made in " + namespace)))
		Expect(stored.Spec.ModelRef.Name).To(Equal("big"))
		Expect(stored.Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
		stored.Labels, stored.Spec.Description = nil, nil
		updated, err := agents(namespace).Update(ctx, stored, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(updated.Labels).To(Equal(map[string]string{"team": "red"}))
		Expect(updated.Spec.Description).To(HaveValue(Equal("Made in " + namespace)))
	})

	It("patches what is created and updated", func(ctx context.Context) {
		mutate(ctx, onAny("agents"), jsonPatch(`[
			JSONPatch{op: "add", path: "/spec/tools", value: [Object.spec.tools{type: "built-in", name: "noop"}]},
			JSONPatch{op: "add", path: "/metadata/annotations", value: {"example.org/" + jsonpatch.escapeKey("a"): "b"}},
			JSONPatch{op: "replace", path: "/spec/prompt", value: object.spec.prompt + " Always."}]`))
		stored := created(ctx, namespace, agent("poet"))
		Expect(stored.Spec.Tools).To(HaveLen(1))
		Expect(stored.Spec.Tools[0].Name).To(Equal("noop"))
		Expect(stored.Annotations).To(HaveKeyWithValue("example.org/a", "b"))
		Expect(stored.Spec.Prompt).To(HaveValue(Equal("Be helpful. Always.")))
		updated, err := agents(namespace).Update(ctx, stored, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(updated.Spec.Prompt).To(HaveValue(Equal("Be helpful. Always. Always.")))
	})

	It("patches nothing if its test does not hold", func(ctx context.Context) {
		mutate(ctx, onCreate("agents"), jsonPatch(`[
			JSONPatch{op: "test", path: "/spec/prompt", value: "Rhyme."},
			JSONPatch{op: "add", path: "/spec/description", value: "A poet."}]`))
		Expect(created(ctx, namespace, agent("critic")).Spec.Description).To(BeNil())
		poet := agent("poet")
		poet.Spec.Prompt = new("Rhyme.")
		Expect(created(ctx, namespace, poet).Spec.Description).To(HaveValue(Equal("A poet.")))
	})

	It("makes its mutations one after the other", func(ctx context.Context) {
		mutate(ctx, onCreate("agents"),
			applyConfiguration(`Object{spec: Object.spec{description: "One"}}`),
			jsonPatch(`[JSONPatch{op: "replace", path: "/spec/description", value: object.spec.description + ", two"}]`),
			applyConfiguration(`Object{spec: Object.spec{description: object.spec.description + ", three."}}`))
		Expect(created(ctx, namespace, agent("poet")).Spec.Description).To(HaveValue(Equal("One, two, three.")))
	})

	It("changes statuses that are written", func(ctx context.Context) {
		mutate(ctx, onAny("agents/status"), jsonPatch(`[JSONPatch{op: "add", path: "/status/conditions/0/message", value: "Checked."}]`))
		agent := created(ctx, namespace, agent("poet"))
		agent.Status.Conditions = available()
		agent, err := agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(agent.Status.Conditions[0].Message).To(Equal("Checked."))
	})

	It("knows the namespace, variables and who asks", func(ctx context.Context) {
		enforceMutating(ctx, namespace, mutatingSpec{
			MatchConstraints: matching(onCreate("agents")),
			Variables:        []registrationv1.Variable{{Name: "where", Expression: `namespaceObject.metadata.name`}},
			Mutations: []registrationv1.Mutation{applyConfiguration(`Object{spec: Object.spec{
				description: variables.where + " " + request.operation + " " + string("system:authenticated" in request.userInfo.groups)}}`)},
		})
		Expect(created(ctx, namespace, agent("poet")).Spec.Description).To(HaveValue(Equal(namespace + " CREATE true")))
	})

	It("mutates what its match conditions match", func(ctx context.Context) {
		enforceMutating(ctx, namespace, mutatingSpec{
			MatchConstraints: matching(onCreate("agents")),
			MatchConditions:  []registrationv1.MatchCondition{{Name: "poets", Expression: `object.metadata.name == "poet"`}},
			Mutations:        []registrationv1.Mutation{applyConfiguration(`Object{spec: Object.spec{description: "A poet."}}`)},
		})
		Expect(created(ctx, namespace, agent("poet")).Spec.Description).To(HaveValue(Equal("A poet.")))
		Expect(created(ctx, namespace, agent("critic")).Spec.Description).To(BeNil())
	})

	It("goes before mutating webhooks and validating policies", func(ctx context.Context) {
		receiver := newReceiver()
		registerMutating(ctx, namespace, receiver, receiver.webhook(asked, patchIf(described("Policy."), set("/spec/description", "Policy and webhook.")), onCreate("agents")))
		enforceValidating(ctx, namespace, valid(`object.spec.description == "Policy and webhook."`, onCreate("agents")))
		mutate(ctx, onCreate("agents"), applyConfiguration(`Object{spec: Object.spec{description: "Policy."}}`))
		created(ctx, namespace, agent("poet"))
		Expect(agentIn(receiver.requests(asked)[0].Object).Spec.Description).To(HaveValue(Equal("Policy.")))
	})

	DescribeTable("is asked about the changes of a webhook", func(ctx context.Context, policy registrationv1.ReinvocationPolicyType, want string) {
		receiver := newReceiver()
		registerMutating(ctx, namespace, receiver, receiver.webhook(asked, patch(set("/metadata/labels", map[string]string{"team": "red"})), onCreate("agents")))
		enforceMutating(ctx, namespace, mutatingSpec{
			MatchConstraints:   matching(onCreate("agents")),
			ReinvocationPolicy: policy,
			Mutations:          []registrationv1.Mutation{applyConfiguration(`Object{spec: Object.spec{description: has(object.metadata.labels) ? "Labelled." : "Not labelled."}}`)},
		})
		Expect(created(ctx, namespace, agent("poet")).Spec.Description).To(HaveValue(Equal(want)))
	},
		Entry("again if its reinvocationPolicy is IfNeeded", registrationv1.IfNeededReinvocationPolicy, "Labelled."),
		Entry("never if its reinvocationPolicy is Never", registrationv1.NeverReinvocationPolicy, "Not labelled."),
	)

	It("shows what it would do in a dry run", func(ctx context.Context) {
		mutate(ctx, onCreate("agents"), applyConfiguration(`Object{spec: Object.spec{description: "Touched."}}`))
		shown, err := agents(namespace).Create(ctx, agent("poet"), dryRunCreate)
		Expect(err).NotTo(HaveOccurred())
		Expect(shown.Spec.Description).To(HaveValue(Equal("Touched.")))
		_, err = agents(namespace).Get(ctx, "poet", metav1.GetOptions{})
		Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
	})

	It("changes what is applied", func(ctx context.Context) {
		mutate(ctx, onAny("agents"), applyConfiguration(`Object{spec: Object.spec{description: "Touched."}}`))
		applied := apply(ctx, namespace, `{"prompt": "Rhyme."}`, metav1.PatchOptions{FieldManager: "author"})
		Expect(applied.Spec.Description).To(HaveValue(Equal("Touched.")))
		Expect(fieldsOf(applied, "author", metav1.ManagedFieldsOperationApply)).To(MatchJSON(`{"f:spec": {"f:prompt": {}}}`))
	})

	It("does not make an object invalid", func(ctx context.Context) {
		mutate(ctx, onCreate("queries"), applyConfiguration(`Object{spec: Object.spec{type: "song"}}`))
		_, err := queries(namespace).Create(ctx, query("weather"), metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("spec.type")))
	})

	It("leaves deletions alone", func(ctx context.Context) {
		created(ctx, namespace, agent("poet"))
		mutate(ctx, onAny("agents"), applyConfiguration(`Object{spec: Object.spec{description: "Touched."}}`))
		Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
	})

	DescribeTable("fails the request", func(ctx context.Context, mutation registrationv1.Mutation, because string) {
		spec := mutatingSpec{MatchConstraints: matching(onCreate("agents")), Mutations: []registrationv1.Mutation{mutation}}
		enforceMutating(ctx, namespace, spec)
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring(because)))

		ignoring := framework.Namespace(ctx)
		spec.FailurePolicy = ptr.To(registrationv1.Ignore)
		enforceMutating(ctx, ignoring, spec)
		Expect(created(ctx, ignoring, agent("poet")).Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
	},
		Entry("if its expression errs, unless its failurePolicy is Ignore",
			applyConfiguration(`Object{spec: Object.spec{description: string(object.metadata.labels["team"])}}`), "no such key"),
		Entry("if it would replace an atomic list, unless its failurePolicy is Ignore",
			applyConfiguration(`Object{spec: Object.spec{tools: [Object.spec.tools{type: "built-in", name: "noop"}]}}`), "may not mutate atomic arrays, maps or structs: .spec.tools"),
		Entry("if it has a field that the kind does not have, unless its failurePolicy is Ignore",
			applyConfiguration(`Object{spec: Object.spec{instrument: "lyre"}}`), ".spec.instrument: field not declared in schema"),
		Entry("if its patch does not fit, unless its failurePolicy is Ignore",
			jsonPatch(`[JSONPatch{op: "remove", path: "/spec/nothing"}]`), "JSON Patch"),
	)
})
