package webhooks_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"log"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	certutil "k8s.io/client-go/util/cert"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

// receiver is an HTTPS server with webhooks, which remembers what they were asked.
type receiver struct {
	server    *httptest.Server
	authority []byte

	mu       sync.Mutex
	webhooks map[string]answer
	asked    map[string][]*admissionv1.AdmissionRequest
	// inspect sees each request, if it is set.
	inspect func(*http.Request)
}

// serving is the certificate of all receivers, and the authority that issued it.
var serving = sync.OnceValues(func() (tls.Certificate, []byte) {
	GinkgoHelper()
	certificates, key, err := certutil.GenerateSelfSignedCertKey(framework.Env.Host, nil, nil)
	Expect(err).NotTo(HaveOccurred())
	pair, err := tls.X509KeyPair(certificates, key)
	Expect(err).NotTo(HaveOccurred())
	return pair, certificates
})

func newReceiver() *receiver {
	GinkgoHelper()
	certificate, authority := serving()
	r := &receiver{authority: authority, webhooks: map[string]answer{}, asked: map[string][]*admissionv1.AdmissionRequest{}}
	r.server = &httptest.Server{
		Listener: framework.Listen(),
		Config:   &http.Server{Handler: r, ErrorLog: log.New(GinkgoWriter, "", 0), ReadHeaderTimeout: time.Minute},
		TLS:      &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	r.server.StartTLS()
	DeferCleanup(func() {
		// A webhook may be waiting for its caller to go away.
		r.server.CloseClientConnections()
		r.server.Close()
	})
	return r
}

// webhook adds one, to be registered as a mutating or a validating webhook; a mutating one has all
// fields of both. Its name is also the last part of the path that it is called at.
func (r *receiver) webhook(name string, answer answer, rules ...registrationv1.RuleWithOperations) registrationv1.MutatingWebhook {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.webhooks[name] = answer
	return registrationv1.MutatingWebhook{
		Name:                    name,
		ClientConfig:            registrationv1.WebhookClientConfig{URL: ptr.To(r.server.URL + "/" + name), CABundle: r.authority},
		Rules:                   rules,
		SideEffects:             ptr.To(registrationv1.SideEffectClassNone),
		AdmissionReviewVersions: []string{"v1"},
	}
}

// requests are what a webhook was asked so far, in that order. A server may ask again about a write
// that it has to try again.
func (r *receiver) requests(webhook string) []*admissionv1.AdmissionRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked[webhook])
}

// operations are those that a webhook was asked about, without repetition.
func (r *receiver) operations(webhook string) []admissionv1.Operation {
	var operations []admissionv1.Operation
	for _, request := range r.requests(webhook) {
		operations = append(operations, request.Operation)
	}
	return slices.Compact(operations)
}

// last is what a webhook was asked last.
func (r *receiver) last(webhook string) *admissionv1.AdmissionRequest {
	GinkgoHelper()
	requests := r.requests(webhook)
	Expect(requests).NotTo(BeEmpty(), "webhook %s was not asked", webhook)
	return requests[len(requests)-1]
}

// forget makes requests begin anew.
func (r *receiver) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.asked)
}

func (r *receiver) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	defer GinkgoRecover()
	review := &admissionv1.AdmissionReview{}
	if err := json.NewDecoder(request.Body).Decode(review); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	Expect(review.GroupVersionKind()).To(Equal(admissionv1.SchemeGroupVersion.WithKind("AdmissionReview")))
	respond := r.record(path.Base(request.URL.Path), request, review.Request)
	respond(request.Context(), response, review.Request)
}

func (r *receiver) record(webhook string, carrier *http.Request, request *admissionv1.AdmissionRequest) answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inspect != nil {
		r.inspect(carrier)
	}
	if request.Name == probeName {
		// Webhooks of any kind of object are not meant to see this one.
		if webhook != sentinelName {
			return allow
		}
	} else {
		r.asked[webhook] = append(r.asked[webhook], request)
	}
	return r.webhooks[webhook]
}

// answer is how a webhook responds.
type answer func(context.Context, http.ResponseWriter, *admissionv1.AdmissionRequest)

// respond answers with a function of the request.
func respond(with func(*admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse) answer {
	return func(_ context.Context, response http.ResponseWriter, request *admissionv1.AdmissionRequest) {
		result := with(request)
		if result.UID == "" {
			result.UID = request.UID
		}
		review := &admissionv1.AdmissionReview{Response: result}
		review.SetGroupVersionKind(admissionv1.SchemeGroupVersion.WithKind("AdmissionReview"))
		response.Header().Set("Content-Type", "application/json")
		// The caller may be gone.
		_ = json.NewEncoder(response).Encode(review)
	}
}
