package registry

import (
	"net/http"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/endpoints/handlers/negotiation"
)

func TestNegotiation(t *testing.T) {
	codecs := withoutProtobuf{serializer.NewCodecFactory(testScheme(t))}
	const protobuf = "application/vnd.kubernetes.protobuf"
	for accept, want := range map[string]string{
		"":                             "application/json",
		"application/yaml":             "application/yaml",
		protobuf + ",application/json": "application/json",
		protobuf:                       "",
		protobuf + ",*/*":              "application/json",
	} {
		request := &http.Request{Header: http.Header{"Accept": {accept}}}
		_, info, err := negotiation.NegotiateOutputMediaType(request, codecs, negotiation.DefaultEndpointRestrictions)
		if (err != nil) != (want == "") || info.MediaType != want {
			t.Errorf("accept %q: %q, %v", accept, info.MediaType, err)
		}
	}
}
