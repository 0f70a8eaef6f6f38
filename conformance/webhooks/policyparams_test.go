package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var (
	configMapParam = &registrationv1.ParamKind{APIVersion: "v1", Kind: "ConfigMap"}
	memoryParam    = &registrationv1.ParamKind{APIVersion: "ark.ai/v1alpha1", Kind: "Memory"}
)

var _ = Describe("The parameters of an admission policy", func() {
	var namespace string
	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	// config writes a ConfigMap with the one prompt that is allowed.
	config := func(ctx context.Context, namespace, name, prompt string) {
		GinkgoHelper()
		_, err := framework.Client.CoreV1().ConfigMaps(namespace).Create(ctx, &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"prompt": prompt},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
	}
	// becomes waits until an agent is admitted or not.
	becomes := func(ctx context.Context, matcher OmegaMatcher) {
		GinkgoHelper()
		everywhere(ctx, func(g Gomega, server versioned.Interface) {
			_, err := server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), dryRunCreate)
			g.Expect(err).To(matcher)
		})
	}
	refused := MatchError(ContainSubstring("refused"))
	onlyPrompt := func() validatingSpec {
		spec := valid("object.spec.prompt == params.data.prompt", onCreate("agents"))
		spec.ParamKind = configMapParam
		return spec
	}

	It("are a ConfigMap, as it is now", func(ctx context.Context) {
		config(ctx, namespace, "limits", "Rhyme.")
		enforceValidating(ctx, namespace, onlyPrompt(), validatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)}})
		becomes(ctx, refused)
		_, err := framework.Client.CoreV1().ConfigMaps(namespace).Patch(ctx, "limits", types.MergePatchType, []byte(`{"data": {"prompt": "Be helpful."}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
		becomes(ctx, Not(HaveOccurred()))
	})

	It("may be in another namespace", func(ctx context.Context) {
		other := framework.Namespace(ctx)
		config(ctx, other, "limits", "Rhyme.")
		enforceValidating(ctx, namespace, onlyPrompt(), validatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", Namespace: other, ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)}})
		becomes(ctx, refused)
	})

	// Not ConfigMaps: once the last policy with a parameter of one of Kubernetes' own kinds is
	// gone, Kubernetes 1.37 stops watching that kind for good, and finds later ones by their name
	// only.
	It("are each of those that a selector chooses", func(ctx context.Context) {
		memories := framework.Ark.ArkV1alpha1().Memories(namespace)
		limit := func(name, prompt string) {
			GinkgoHelper()
			limits := memory(name)
			limits.Labels = map[string]string{"purpose": "policy"}
			limits.Spec.Address.Value = &prompt
			_, err := memories.Create(ctx, limits, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
		}
		limit("limits", "Be helpful.")
		spec := valid("object.spec.prompt == params.spec.address.value", onCreate("agents"))
		spec.ParamKind = memoryParam
		enforceValidating(ctx, namespace, spec, validatingBinding{ParamRef: &registrationv1.ParamRef{
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"purpose": "policy"}}, ParameterNotFoundAction: ptr.To(registrationv1.DenyAction),
		}})
		becomes(ctx, Not(HaveOccurred()))
		limit("more-limits", "Rhyme.")
		becomes(ctx, refused)
	})

	It("are an Ark object, as it is now", func(ctx context.Context) {
		memories := framework.Ark.ArkV1alpha1().Memories(namespace)
		_, err := memories.Create(ctx, memory("limits"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		spec := valid("object.spec.prompt != params.spec.address.value", onCreate("agents"))
		spec.ParamKind = memoryParam
		enforceValidating(ctx, namespace, spec, validatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)}})
		becomes(ctx, Not(HaveOccurred()))
		_, err = memories.Patch(ctx, "limits", types.MergePatchType, []byte(`{"spec": {"address": {"value": "Be helpful."}}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
		becomes(ctx, refused)
	})

	It("are an Ark object of a mutating policy too", func(ctx context.Context) {
		_, err := framework.Ark.ArkV1alpha1().Memories(namespace).Create(ctx, memory("limits"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		enforceMutating(ctx, namespace, mutatingSpec{
			ParamKind: memoryParam, MatchConstraints: matching(onCreate("agents")),
			Mutations: []registrationv1.Mutation{applyConfiguration(`Object{spec: Object.spec{description: params.spec.address.value}}`)},
		}, mutatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)}})
		Expect(created(ctx, namespace, agent("poet")).Spec.Description).To(HaveValue(Equal("http://127.0.0.1")))
	})

	It("are a ConfigMap of a mutating policy too", func(ctx context.Context) {
		config(ctx, namespace, "limits", "Rhyme.")
		enforceMutating(ctx, namespace, mutatingSpec{
			ParamKind: configMapParam, MatchConstraints: matching(onCreate("agents")),
			Mutations: []registrationv1.Mutation{jsonPatch(`[JSONPatch{op: "replace", path: "/spec/prompt", value: params.data.prompt}]`)},
		}, mutatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)}})
		Expect(created(ctx, namespace, agent("poet")).Spec.Prompt).To(HaveValue(Equal("Rhyme.")))
	})

	It("are needed if the binding says Deny", func(ctx context.Context) {
		enforceValidating(ctx, namespace, onlyPrompt(), validatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)}})
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("no params found for policy binding with `Deny` parameterNotFoundAction")))
	})

	It("are not needed if the binding says Allow", func(ctx context.Context) {
		enforceValidating(ctx, namespace, onlyPrompt(), validatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.AllowAction)}})
		created(ctx, namespace, agent("poet"))
	})

	It("must be of a kind that there is", func(ctx context.Context) {
		spec := valid("params == null", onCreate("agents"))
		spec.ParamKind = &registrationv1.ParamKind{APIVersion: "example.org/v1", Kind: "Poem"}
		enforceValidating(ctx, namespace, spec, validatingBinding{ParamRef: &registrationv1.ParamRef{Name: "limits", ParameterNotFoundAction: ptr.To(registrationv1.AllowAction)}})
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("failed to configure policy: failed to find resource referenced by paramKind: 'example.org/v1, Kind=Poem'")))
	})
})
