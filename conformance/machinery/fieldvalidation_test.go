package machinery_test

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Fields that are unknown or given twice", func() {
	const manifest = `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q","colour":"red"},` +
		`"spec":{"input":"?","input":"How are you?","target":{"type":"agent","name":"greeter","size":1},"bogus":true}}`
	problems := []string{
		`unknown field "metadata.colour"`, `duplicate field "spec.input"`, `unknown field "spec.target.size"`, `unknown field "spec.bogus"`,
	}
	var collection, one string

	BeforeEach(func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		collection, one = path(namespace, "queries"), path(namespace, "queries", "q")
	})

	It("are refused if validation is strict", func(ctx context.Context) {
		status := send(ctx, http.MethodPost, collection+"?fieldValidation=Strict", manifest).refuses(400, metav1.StatusReasonBadRequest, "strict decoding error: ")
		for _, problem := range problems {
			Expect(status.Message).To(ContainSubstring(problem))
		}
		get(ctx, one).refuses(404, metav1.StatusReasonNotFound, "")
	})

	for _, parameters := range []string{"", "?fieldValidation=Warn"} {
		It("are dropped with warnings if it is not: "+parameters, func(ctx context.Context) {
			answer := send(ctx, http.MethodPost, collection+parameters, manifest).succeeds(201)
			Expect(warnings(answer)).To(ConsistOf(problems))
			Expect(answer.Body).NotTo(Or(ContainSubstring("bogus"), ContainSubstring("colour"), ContainSubstring("size")))
			Expect(answer.object().Object["spec"]).To(HaveKeyWithValue("input", "How are you?"))
		})
	}

	It("are dropped in silence if nobody cares", func(ctx context.Context) {
		answer := send(ctx, http.MethodPost, collection+"?fieldValidation=Ignore", manifest).succeeds(201)
		Expect(warnings(answer)).To(BeEmpty())
		Expect(answer.Body).NotTo(ContainSubstring("bogus"))
	})

	It("are found in updates and patches as well", func(ctx context.Context) {
		version := send(ctx, http.MethodPost, collection+"?fieldValidation=Ignore", manifest).succeeds(201).object().GetResourceVersion()
		replacement := strings.Replace(manifest, `"name":"q"`, `"name":"q","resourceVersion":"`+version+`"`, 1)
		send(ctx, http.MethodPut, one+"?fieldValidation=Strict", replacement).refuses(400, metav1.StatusReasonBadRequest, `strict decoding error: `)
		Expect(warnings(send(ctx, http.MethodPut, one, replacement).succeeds(200))).To(ConsistOf(problems))

		patch := `{"spec":{"bogus":true,"target":{"size":1}}}`
		send(ctx, http.MethodPatch, one+"?fieldValidation=Strict", patch, contentType(mergePatchType)).
			refuses(422, metav1.StatusReasonInvalid, `unknown field "spec.bogus"`)
		Expect(warnings(send(ctx, http.MethodPatch, one, patch, contentType(mergePatchType)).succeeds(200))).
			To(ConsistOf(`unknown field "spec.bogus"`, `unknown field "spec.target.size"`))
		send(ctx, http.MethodPatch, one+"?fieldValidation=Strict", `{"spec":{"timeout":"1m","timeout":"2m"}}`, contentType(mergePatchType)).
			refuses(422, metav1.StatusReasonInvalid, `duplicate field "spec.timeout"`)
		send(ctx, http.MethodPatch, one+"/status?fieldValidation=Strict", `{"status":{"bogus":true}}`, contentType(mergePatchType)).
			refuses(422, metav1.StatusReasonInvalid, `unknown field "status.bogus"`)
	})

	It("are refused by server-side apply in any case", func(ctx context.Context) {
		send(ctx, http.MethodPatch, one+"?fieldManager=a&fieldValidation=Strict", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q"},"spec":{"bogus":true}}`, contentType(applyPatchType)).
			refuses(500, "", "spec.bogus: field not declared in schema")
	})

	It("are found in YAML", func(ctx context.Context) {
		status := send(ctx, http.MethodPost, collection+"?fieldValidation=Strict", "apiVersion: ark.ai/v1alpha1\nkind: Query\nmetadata:\n  name: q\nspec:\n  input: a\n  input: b\n  bogus: true\n", contentType(yamlType)).
			refuses(400, metav1.StatusReasonBadRequest, "strict decoding error")
		Expect(status.Message).To(And(ContainSubstring(`key "input" already set`), ContainSubstring(`unknown field "spec.bogus"`)))
	})

	It("are validated Strict, Warn or Ignore", func(ctx context.Context) {
		status := send(ctx, http.MethodPost, collection+"?fieldValidation=Loose", manifest).refuses(422, metav1.StatusReasonInvalid, `Unsupported value: "Loose"`)
		Expect(causes(status)).To(ConsistOf("fieldValidation FieldValueNotSupported"))
	})
})
