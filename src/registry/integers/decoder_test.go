package integers

import (
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// decode reads a body as a handler does, and returns the object as JSON, and the error.
func decode(t *testing.T, mediaType string, strict bool, body []byte) (string, error) {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	codecs := Serializer(serializer.NewCodecFactory(scheme, serializer.WithSerializer(cbor.NewSerializerInfo)), scheme)
	info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), mediaType)
	if !ok {
		t.Fatalf("no serializer for %s", mediaType)
	}
	decoder := info.Serializer
	if strict {
		decoder = info.StrictSerializer
	}
	obj, _, err := codecs.DecoderToVersion(decoder, v1alpha1.SchemeGroupVersion).Decode(body, nil, nil)
	if obj == nil {
		return "", err
	}
	text, marshalErr := json.Marshal(obj)
	if marshalErr != nil {
		t.Fatal(marshalErr)
	}
	return string(text), err
}

const head = `{"apiVersion":"ark.ai/v1alpha1","metadata":{"name":"it"},`

// toCBOR returns what a client in CBOR sends that has floats and integers as JSON has them.
func toCBOR(t *testing.T, text string) []byte {
	t.Helper()
	var value any
	if err := utiljson.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	body, err := direct.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// All encodings accept integers that are written as floats, in the types of Kubernetes as in ours.
func TestDecoder(t *testing.T) {
	for body, want := range map[string]string{
		`"kind":"Team","spec":{"strategy":"graph","members":[],"maxTurns":3.0}}`:                                            `"maxTurns":3`,
		`"kind":"Team","spec":{"strategy":"graph","members":[],"maxTurns":1e2}}`:                                            `"maxTurns":100`,
		`"kind":"Query","status":{"tokenUsage":{"promptTokens":1e15}}}`:                                                     `"promptTokens":1000000000000000`,
		`"kind":"Query","status":{"conditions":[{"type":"A","observedGeneration":2.0}]}}`:                                   `"observedGeneration":2`,
		`"kind":"Agent","spec":{"pod":{"template":{"spec":{"containers":[{"ports":[{"containerPort":80.0}]}]}}}}}`:          `"containerPort":80`,
		`"kind":"Agent","spec":{"pod":{"template":{"spec":{"terminationGracePeriodSeconds":3e1,"containers":null}}}}}`:      `"terminationGracePeriodSeconds":30`,
		`"kind":"Agent","spec":{"pod":{"template":{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":80.0}}}]}}}}}`: `"port":80`,
	} {
		body = head + body
		for mediaType, body := range map[string][]byte{
			runtime.ContentTypeJSON: []byte(body),
			runtime.ContentTypeYAML: []byte(body),
			runtime.ContentTypeCBOR: toCBOR(t, body),
		} {
			for _, strict := range []bool{false, true} {
				got, err := decode(t, mediaType, strict, body)
				if err != nil || !strings.Contains(got, want) {
					t.Errorf("%s, strict %t: %s\n  became %s, %v", mediaType, strict, body, got, err)
				}
			}
		}
	}
}

// What decoding says stays what it was.
func TestDecoderErrors(t *testing.T) {
	const team = `"kind":"Team","spec":{"strategy":"graph","members":[],`
	for name, c := range map[string]struct {
		mediaType string
		body      string
		want      string
	}{
		"a fraction":                  {runtime.ContentTypeJSON, head + team + `"maxTurns":3.5}}`, `json: cannot unmarshal number 3.5 into Go struct field TeamSpec.spec.maxTurns of type int32`},
		"too large":                   {runtime.ContentTypeJSON, head + team + `"maxTurns":3e9}}`, `json: cannot unmarshal number 3e9 into Go struct field TeamSpec.spec.maxTurns of type int32`},
		"beyond what floats hold":     {runtime.ContentTypeJSON, head + `"kind":"Query","status":{"tokenUsage":{"totalTokens":9223372036854775808.0}}}`, `json: cannot unmarshal number 9223372036854775808.0 into Go struct field TokenUsage.status.tokenUsage.totalTokens of type int64`},
		"another wrong type before":   {runtime.ContentTypeJSON, head + team + `"description":1,"maxTurns":3.0}}`, `json: cannot unmarshal number into Go struct field TeamSpec.spec.description of type string`},
		"another wrong type behind":   {runtime.ContentTypeJSON, head + team + `"maxTurns":3.0,"description":1}}`, `json: cannot unmarshal number into Go struct field TeamSpec.spec.description of type string`},
		"a wrong time behind":         {runtime.ContentTypeJSON, head + `"kind":"Query","status":{"tokenUsage":{"totalTokens":1.0},"conditions":[{"lastTransitionTime":"x"}]}}`, `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"`},
		"no JSON":                     {runtime.ContentTypeJSON, head + team + `"maxTurns":3.0`, `unexpected end of JSON input`},
		"no such kind":                {runtime.ContentTypeJSON, head + `"kind":"Other","maxTurns":3.0}`, `no kind "Other" is registered for version "ark.ai/v1alpha1"`},
		"unknown and twice":           {runtime.ContentTypeJSON, head + team + "\n\"maxTurns\":3.0,\n\"maxTurns\":4.0,\n\"unknown\":1.0}}", `strict decoding error: duplicate field "spec.maxTurns", unknown field "spec.unknown"`},
		"unknown and twice, in YAML":  {runtime.ContentTypeYAML, "apiVersion: ark.ai/v1alpha1\nkind: Team\nspec:\n  maxTurns: 3.0\n  maxTurns: 4.0\n  unknown: 1.0\n", "strict decoding error: yaml: unmarshal errors:\n  line 5: key \"maxTurns\" already set in map, unknown field \"spec.unknown\""},
		"unknown, in CBOR":            {runtime.ContentTypeCBOR, head + team + `"maxTurns":3.0,"unknown":1}}`, `strict decoding error: cbor: found unknown field at map element index`},
		"a fraction in CBOR":          {runtime.ContentTypeCBOR, head + team + `"maxTurns":3.5}}`, `cbor: cannot unmarshal primitives into Go struct field v1alpha1.Team.spec of type int32`},
		"a fraction in YAML":          {runtime.ContentTypeYAML, head + team + `"maxTurns":3.5}}`, `json: cannot unmarshal number 3.5 into Go struct field TeamSpec.spec.maxTurns of type int32`},
		"a port that does not fit":    {runtime.ContentTypeJSON, head + `"kind":"Agent","spec":{"pod":{"template":{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":3e9}}}]}}}}}`, `json: cannot unmarshal number 3e9 into Go struct field HTTPGetAction.spec.pod.template.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32`},
		"an integer, but no template": {runtime.ContentTypeJSON, head + `"kind":"Agent","spec":{"a2aPod":{"port":1.0},"pod":{"template":1.0}}}`, `json: cannot unmarshal number into Go struct field AgentPod.spec.pod.template of type v1.PodTemplateSpec`},
	} {
		body := []byte(c.body)
		if c.mediaType == runtime.ContentTypeCBOR {
			body = toCBOR(t, c.body)
		}
		if _, err := decode(t, c.mediaType, true, body); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n  got  %v\n  want %s", name, err, c.want)
		}
	}
}

// Numbers that are no integers are kept as they were written, beside integers that are not: those
// of free JSON, and quantities.
func TestDecoderKeepsOtherNumbers(t *testing.T) {
	for body, want := range map[string]string{
		`"kind":"Query","spec":{"input":{"b":1.0,"a":[1e2,12345678901234567890],"a":-0.0}},"status":{"tokenUsage":{"totalTokens":1.0}}}`:   `"input":{"b":1.0,"a":[1e2,12345678901234567890],"a":-0.0}`,
		`"kind":"Agent","spec":{"a2aPod":{"port":1.0},"pod":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":1.5}}}]}}}}}`: `"limits":{"cpu":"1500m"}`,
	} {
		if got, err := decode(t, runtime.ContentTypeJSON, false, []byte(head+body)); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s\n  became %s, %v", body, got, err)
		}
	}
}
