package webhooks_test

import (
	"encoding/json"

	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// allow is the answer of a webhook that agrees.
var allow = respond(func(*admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Allowed: true}
})

// deny refuses everything.
func deny(because *metav1.Status) answer {
	return respond(func(*admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		return &admissionv1.AdmissionResponse{Result: because}
	})
}

func denyWith(message string) answer {
	return deny(&metav1.Status{Message: message})
}

// operation of a JSON patch.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// patch changes every object in the same way.
func patch(operations ...operation) answer {
	return patchIf(func(*admissionv1.AdmissionRequest) bool { return true }, operations...)
}

// patchIf changes the objects of some requests.
func patchIf(wanted func(*admissionv1.AdmissionRequest) bool, operations ...operation) answer {
	return respond(func(request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		response := &admissionv1.AdmissionResponse{Allowed: true}
		if wanted(request) {
			response.PatchType = ptr.To(admissionv1.PatchTypeJSONPatch)
			encoded, err := json.Marshal(operations)
			Expect(err).NotTo(HaveOccurred())
			response.Patch = encoded
		}
		return response
	})
}

// hasObject is false for deletions: there is nothing to change.
func hasObject(request *admissionv1.AdmissionRequest) bool {
	return request.Operation != admissionv1.Delete
}

func set(path string, value any) operation { return operation{Op: "add", Path: path, Value: value} }

func remove(path string) operation { return operation{Op: "remove", Path: path} }
