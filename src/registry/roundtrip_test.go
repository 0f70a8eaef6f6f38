package registry

import (
	"math/rand"
	"testing"

	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/api/apitesting/roundtrip"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/sets"
	"sigs.k8s.io/randfill"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// fuzzFuncs fill free JSON with keys in the order that maps would give them and apply defaults, as
// decoding does. That any other order is kept has a test of its own.
func fuzzFuncs(serializer.CodecFactory) []interface{} {
	return []interface{}{
		func(j *v1alpha1.JSON, c randfill.Continue) {
			texts := []string{`"text"`, `[{"a":[null,true],"b":1}]`, `{"a":"\u0000","z":1}`, `12`, `false`}
			j.Raw = texts[c.Intn(len(texts))]
		},
		func(j *v1alpha1.JSONObject, c randfill.Continue) {
			texts := []string{`{}`, `{"properties":{"a":{"type":"string"},"b":{}},"type":"object"}`}
			j.Raw = texts[c.Intn(len(texts))]
		},
		withDefaults(v1alpha1.SetObjectDefaults_A2AServer),
		withDefaults(v1prealpha1.SetObjectDefaults_A2AServer),
		withDefaults(v1alpha1.SetObjectDefaults_A2ATask),
		withDefaults(v1alpha1.SetObjectDefaults_Agent),
		withDefaults(v1alpha1.SetObjectDefaults_Evaluation),
		withDefaults(v1alpha1.SetObjectDefaults_Evaluator),
		withDefaults(v1alpha1.SetObjectDefaults_MCPServer),
		withDefaults(v1alpha1.SetObjectDefaults_Model),
		withDefaults(v1alpha1.SetObjectDefaults_Query),
		withDefaults(v1alpha1.SetObjectDefaults_Team),
		withDefaults(v1alpha1.SetObjectDefaults_Tool),
	}
}

func withDefaults[T any](setDefaults func(*T)) func(*T, randfill.Continue) {
	return func(obj *T, c randfill.Continue) {
		c.FillNoCustom(obj)
		setDefaults(obj)
	}
}

// JSON and YAML hold the same as the types.
func TestRoundTrip(t *testing.T) {
	scheme := testScheme(t)
	codecs := serializer.NewCodecFactory(scheme)
	fill := fuzzer.FuzzerFor(fuzzer.MergeFuzzerFuncs(metafuzzer.Funcs, fuzzFuncs), rand.NewSource(rand.Int63()), codecs)
	roundtrip.RoundTripExternalTypesWithoutProtobuf(t, scheme, codecs, fill, nil)
}

// The unstructured form, by way of JSON and CBOR, holds the same as the types.
func TestRoundTripToUnstructured(t *testing.T) {
	external := runtime.NewScheme()
	if err := AddVersionsToScheme(external); err != nil {
		t.Fatal(err)
	}
	kinds := sets.KeySet(external.AllKnownTypes())
	roundtrip.RoundtripToUnstructured(t, external, fuzzer.MergeFuzzerFuncs(metafuzzer.Funcs, fuzzFuncs), nil, kinds)
}
