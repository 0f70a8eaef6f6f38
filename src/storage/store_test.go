package storage_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/example"
	examplev1 "k8s.io/apiserver/pkg/apis/example/v1"

	"ark.ai/apiserver/src/storage"
)

// TestStoreThatCannotStore: what is missing or does not fit is told at once, not by the first
// request.
func TestStoreThatCannotStore(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{example.AddToScheme, examplev1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	metav1.AddToGroupVersion(scheme, examplev1.SchemeGroupVersion)
	codecs := serializer.NewCodecFactory(scheme)
	internal := codecs.LegacyCodec(examplev1.SchemeGroupVersion)
	versioned := codecs.CodecForVersions(codecs.LegacyCodec(examplev1.SchemeGroupVersion), codecs.UniversalDeserializer(),
		examplev1.SchemeGroupVersion, examplev1.SchemeGroupVersion)
	internalPod := func() runtime.Object { return &example.Pod{} }
	engine := startEngine(t)
	for name, c := range map[string]struct {
		codec   runtime.Codec
		newFunc func() runtime.Object
		want    string
	}{
		"no Codec":                {nil, internalPod, "needs a Codec and NewFunc"},
		"no NewFunc":              {internal, nil, "needs a Codec and NewFunc"},
		"of another scheme":       {serializer.NewCodecFactory(runtime.NewScheme()).LegacyCodec(), internalPod, "does not encode what NewFunc makes"},
		"decodes to another type": {versioned, internalPod, "decodes to *v1.Pod, but NewFunc makes *example.Pod"},
		"as it should be":         {internal, internalPod, ""},
	} {
		_, err := engine.NewStore(storage.StoreConfig{
			GroupResource: schema.GroupResource{Group: example.GroupName, Resource: "pods"}, ResourcePrefix: "/pods",
			Codec: c.codec, NewFunc: c.newFunc,
		})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), "the store of pods."+example.GroupName+": ") || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got error %v, want %q", name, err, c.want)
		}
	}
}
