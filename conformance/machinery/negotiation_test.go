package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("The format of an answer", func() {
	const (
		protobufType = "application/vnd.kubernetes.protobuf"
		cborType     = "application/cbor"
	)
	var namespace, one string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		one = path(namespace, "queries", "q")
		created(ctx, namespace, query("q"))
	})

	DescribeTable("is the first that the client accepts and the server has", func(ctx context.Context, accepted, want string) {
		Expect(get(ctx, one, accept(accepted)).succeeds(200).Header.Get("Content-Type")).To(Equal(want))
	},
		Entry("JSON", jsonType, jsonType),
		Entry("YAML", yamlType, yamlType),
		Entry("anything", "*/*", jsonType),
		Entry("JSON after protobuf", protobufType+","+jsonType, jsonType),
		Entry("YAML before JSON", yamlType+","+jsonType, yamlType),
		Entry("by preference", "application/json;q=0.5,application/yaml;q=0.9", yamlType),
		Entry("JSON after what is not known", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", jsonType),
		Entry("an object after a table of the future", "application/json;as=Table;g=meta.k8s.io;v=v9,application/json", jsonType),
		Entry("nothing said", "", jsonType),
	)

	DescribeTable("is refused if the server does not have it", func(ctx context.Context, accepted string) {
		get(ctx, one, accept(accepted)).refuses(406, metav1.StatusReasonNotAcceptable, "")
		get(ctx, path(namespace, "queries"), accept(accepted)).refuses(406, metav1.StatusReasonNotAcceptable, "")
	},
		Entry("HTML", "text/html"),
		Entry("CBOR", cborType),
		Entry("a table of the future", "application/json;as=Table;g=meta.k8s.io;v=v9"),
		Entry("another form", "application/json;as=Poem;g=meta.k8s.io;v=v1"),
	)

	It("is not protobuf, which these kinds do not have", func(ctx context.Context) {
		// The refusal is protobuf itself with custom resources.
		Expect(get(ctx, one, accept(protobufType)).Code).To(Equal(406))
	})

	It("holds the same object", func(ctx context.Context) {
		text := get(ctx, one, accept(yamlType)).succeeds(200).Body
		data, err := yaml.YAMLToJSON([]byte(text))
		Expect(err).NotTo(HaveOccurred())
		Expect(data).To(MatchJSON(get(ctx, one).Body))
	})

	It("is pretty if the client asks for it", func(ctx context.Context) {
		plain, pretty := get(ctx, one+"?pretty=false").Body, get(ctx, one+"?pretty=true").Body
		Expect(plain).To(HavePrefix(`{"`))
		Expect(pretty).To(HavePrefix("{\n  \""))
		Expect(pretty).To(MatchJSON(plain))
	})

	It("applies to refusals as well", func(ctx context.Context) {
		answer := get(ctx, path(namespace, "queries", "none"), accept(yamlType)).succeeds(404)
		Expect(answer.Header.Get("Content-Type")).To(Equal(yamlType))
		Expect(answer.Body).To(And(ContainSubstring("kind: Status"), ContainSubstring("reason: NotFound")))
	})

	DescribeTable("of a request is refused if the server does not know it", func(ctx context.Context, kind string) {
		send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(query("new")), contentType(kind)).
			refuses(415, metav1.StatusReasonUnsupportedMediaType, "accepted media types include: application/json, application/yaml")
		Expect(isGone(ctx, namespace, "new")).To(BeTrue())
	},
		Entry("text", "text/plain"),
		Entry("CBOR", cborType),
	)

	It("of a request is not protobuf either", beyondCustomResources, func(ctx context.Context) {
		unlessCustomResources("kube-apiserver panics when it decodes a custom resource from protobuf")
		send(ctx, http.MethodPost, path(namespace, "queries"), "k8s\x00", contentType(protobufType)).
			refuses(415, metav1.StatusReasonUnsupportedMediaType, "accepted media types include: application/json, application/yaml")
	})

	DescribeTable("of a request is refused if it is malformed", func(ctx context.Context, text, kind string) {
		send(ctx, http.MethodPost, path(namespace, "queries"), text, contentType(kind)).refuses(400, metav1.StatusReasonBadRequest, "")
	},
		Entry("JSON that ends early", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{`, jsonType),
		Entry("a list instead of an object", `[]`, jsonType),
		Entry("a wrong type", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":7},"spec":{}}`, jsonType),
		Entry("YAML with tabs", "apiVersion: ark.ai/v1alpha1\nkind: Query\n\tmetadata: {}\n", yamlType),
	)
})
