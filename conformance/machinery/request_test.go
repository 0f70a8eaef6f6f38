package machinery_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
)

const (
	arkVersion = "/apis/ark.ai/v1alpha1"

	jsonType        = "application/json"
	yamlType        = "application/yaml"
	mergePatchType  = "application/merge-patch+json"
	jsonPatchType   = "application/json-patch+json"
	applyPatchType  = "application/apply-patch+yaml"
	strategicType   = "application/strategic-merge-patch+json"
	tableType       = "application/json;as=Table;g=meta.k8s.io;v=v1"
	partialType     = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	partialListType = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

// path of a resource in a namespace, and of what names add: an object, a subresource.
func path(namespace, resource string, names ...string) string {
	return strings.Join(append([]string{arkVersion, "namespaces", namespace, resource}, names...), "/")
}

// httpClient is the administrator's, without what client-go does to requests and answers.
var httpClient = sync.OnceValue(func() *http.Client {
	client, err := rest.HTTPClientFor(framework.Config)
	Expect(err).NotTo(HaveOccurred())
	return client
})

// answer is an HTTP response, read to its end.
type answer struct {
	Code   int
	Header http.Header
	Body   string
}

// header of a request is a name and a value.
type header [2]string

func accept(value string) header      { return header{"Accept", value} }
func contentType(value string) header { return header{"Content-Type", value} }

// send sends a request. A body is JSON unless a header says what else it is.
func send(ctx context.Context, method, path, body string, headers ...header) answer {
	GinkgoHelper()
	response := open(ctx, method, path, body, headers...)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	return answer{Code: response.StatusCode, Header: response.Header, Body: string(data)}
}

// get is send for reading.
func get(ctx context.Context, path string, headers ...header) answer {
	GinkgoHelper()
	return send(ctx, http.MethodGet, path, "", headers...)
}

// open sends a request and leaves the body of the response to the caller.
func open(ctx context.Context, method, path, body string, headers ...header) *http.Response {
	GinkgoHelper()
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(framework.Config.Host, "/")+path, strings.NewReader(body))
	Expect(err).NotTo(HaveOccurred())
	if body != "" {
		request.Header.Set("Content-Type", jsonType)
	}
	for _, h := range headers {
		request.Header.Set(h[0], h[1])
	}
	response, err := httpClient().Do(request)
	Expect(err).NotTo(HaveOccurred())
	return response
}

// object is the body as an object of the API.
func (a answer) object() *unstructured.Unstructured {
	GinkgoHelper()
	return parsed([]byte(a.Body))
}

// parsed is JSON as an object of the API, with whole numbers as int64.
func parsed(data []byte) *unstructured.Unstructured {
	GinkgoHelper()
	object := map[string]any{}
	Expect(utiljson.Unmarshal(data, &object)).To(Succeed(), string(data))
	return &unstructured.Unstructured{Object: object}
}

// status is the body as a metav1.Status, which it has to be.
func (a answer) status() metav1.Status {
	GinkgoHelper()
	status := metav1.Status{}
	Expect(json.Unmarshal([]byte(a.Body), &status)).To(Succeed(), a.Body)
	Expect(status.Kind).To(Equal("Status"), a.Body)
	Expect(status.APIVersion).To(Equal("v1"), a.Body)
	return status
}

// refuses expects a Status with this code, also in its body, this reason and these words in its
// message.
func (a answer) refuses(code int, reason metav1.StatusReason, words string) metav1.Status {
	GinkgoHelper()
	Expect(a.Code).To(Equal(code), a.Body)
	status := a.status()
	Expect(status.Status).To(Equal(metav1.StatusFailure))
	Expect(int(status.Code)).To(Equal(code))
	Expect(status.Reason).To(Equal(reason), status.Message)
	Expect(status.Message).To(ContainSubstring(words))
	return status
}

// succeeds expects this code.
func (a answer) succeeds(code int) answer {
	GinkgoHelper()
	Expect(a.Code).To(Equal(code), a.Body)
	return a
}

// causes of a refusal as "field reason", each once: custom resources' metadata is checked twice.
// The one without a field only says that rules remain to be checked when the others are dealt with.
func causes(status metav1.Status) []string {
	var all []string
	if status.Details != nil {
		for _, cause := range status.Details.Causes {
			if cause.Field != "<nil>" {
				all = append(all, cause.Field+" "+string(cause.Type))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// warnings that came with an answer.
func warnings(a answer) []string {
	GinkgoHelper()
	headers, errs := net.ParseWarningHeaders(a.Header.Values("Warning"))
	Expect(errs).To(BeEmpty())
	var all []string
	for _, h := range headers {
		all = append(all, h.Text)
	}
	return all
}
