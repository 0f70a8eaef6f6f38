package registry

import (
	"reflect"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// withoutZeros are the fields, by kind, that are not returned if they are empty: texts by which a
// controller reports, and a label selector, which is a type of Kubernetes.
var withoutZeros = map[string][]string{
	"A2AServer": {"status.lastResolvedAddress", "status.lastResolvedEndpoint", "status.rejectedEndpoint"},
	"A2ATask":   {"status.contextId", "status.error", "status.lastStatusTimestamp"},
	"Evaluation": {"status.message", "status.batchProgress.childEvaluations[0].message",
		"status.batchProgress.childEvaluations[0].score"},
	"Evaluator": {"spec.selector.matchExpressions", "spec.selector.matchLabels",
		"status.lastResolvedAddress", "status.message", "status.phase"},
	"ExecutionEngine": {"status.imageRef", "status.lastResolvedAddress", "status.message", "status.phase"},
	"MCPServer": {"status.authorization.authorizationEndpoint", "status.authorization.registrationEndpoint",
		"status.authorization.resource", "status.authorization.resourceMetadataURL", "status.authorization.resourceName",
		"status.authorization.tokenEndpoint", "status.resolvedAddress"},
	"Memory": {"status.lastResolvedAddress", "status.message"},
	"Model":  {"status.message", "status.phase", "status.resolvedAddress"},
	"Query": {"status.conversationId", "status.evaluations[0].evaluatorName", "status.evaluations[0].score", "status.jobId",
		"status.response.phase", "status.responses[0].phase"},
	"Tool": {"status.message", "status.state"},
}

// What is written with a zero value comes back, in every format, as from a custom resource: a
// client that compares the two, such as Argo CD, would see a change for ever. Whoever applies it
// owns it: applied without it, it is gone.
func TestZeroValuesAreKept(t *testing.T) {
	for _, r := range resources {
		t.Run(r.kind, func(t *testing.T) {
			s := testStrategy(t, r.kind)
			codecs := serializer.NewCodecFactory(s.Scheme, serializer.WithSerializer(cbor.NewSerializerInfo))
			managers := map[string]*managedfields.FieldManager{}
			for _, v := range r.versions {
				managers[v.String()] = fieldManagerOf(t, s, v, nil)
			}
			for _, p := range placesOf(t, r) {
				if zeroOf(p.schema) == nil {
					continue
				}
				written := p.with(t, zeroOf(p.schema))
				apply := func(live runtime.Object, text string) runtime.Object {
					applied, err := managers[p.sample.GetAPIVersion()].Apply(live, parse(t, text), "test", false)
					if err != nil {
						t.Fatalf("%s: %v", p.at, err)
					}
					return applied
				}
				applied := apply(s.newObject(), written)
				for way, obj := range map[string]runtime.Object{"decoded": decode(t, s.Scheme, written), "applied": applied} {
					for format, got := range p.valuesIn(t, codecs, obj) {
						if kept := p.isZero(got); kept == slices.Contains(withoutZeros[r.kind], p.at) {
							t.Errorf("%s, %s, in %s: the zero value became %v", p.at, way, format, got)
						}
					}
				}
				if p.isAlwaysThere() {
					continue
				}
				for _, got := range p.valuesIn(t, codecs, apply(applied, p.with(t, absent{}))) {
					if p.isZero(got) {
						t.Errorf("%s: the zero value was nobody's", p.at)
					}
				}
			}
		})
	}
}

// zeroOf returns the zero value of a schema that accepts it.
func zeroOf(schema *spec.Schema) any {
	if len(schema.Enum) > 0 || schema.Pattern != "" || schema.Format == "date-time" || len(schema.Required) > 0 ||
		deref(schema.MinLength)+deref(schema.MinItems) > 0 || deref(schema.Minimum) > 0 {
		return nil
	}
	switch {
	case schema.Type.Contains("string"):
		return ""
	case schema.Type.Contains("integer"):
		return int64(0)
	case schema.Type.Contains("boolean"):
		return false
	case schema.Type.Contains("array"):
		return []any{}
	case schema.Type.Contains("object"):
		return map[string]any{}
	}
	return nil
}

// isZero reports whether a value is the zero value of the place. Defaults of what is in an object
// are added to it.
func (p place) isZero(value any) bool {
	if len(p.schema.Properties) > 0 {
		return value != nil
	}
	return reflect.DeepEqual(value, zeroOf(p.schema))
}

// isAlwaysThere reports whether something may be there that nobody wrote.
func (p place) isAlwaysThere() bool {
	isStruct := p.schema.Type.Contains("object") && p.schema.AdditionalProperties == nil
	return p.required || p.steps[len(p.steps)-1].isItem || p.schema.Default != nil || p.schema.Type.Contains("boolean") || isStruct
}

// valuesIn returns what is at the place after the object has passed through each format.
func (p place) valuesIn(t *testing.T, codecs serializer.CodecFactory, obj runtime.Object) map[string]any {
	t.Helper()
	version := p.sample.GroupVersionKind().GroupVersion()
	values := map[string]any{}
	for _, format := range []string{runtime.ContentTypeJSON, runtime.ContentTypeYAML, runtime.ContentTypeCBOR} {
		info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), format)
		if !ok {
			t.Fatalf("no serializer for %s", format)
		}
		codec := codecs.CodecForVersions(info.Serializer, info.Serializer, version, runtime.InternalGroupVersioner)
		passed, err := runtime.Decode(codec, encode(t, codec, obj))
		if err != nil {
			t.Fatal(err)
		}
		values[format] = get(parse(t, string(encode(t, codecs.LegacyCodec(version), passed))).Object, p.steps)
	}
	return values
}

func get(value any, steps []step) any {
	for _, s := range steps {
		if s.isItem {
			items, _ := value.([]any)
			if len(items) == 0 {
				return nil
			}
			value = items[0]
			continue
		}
		fields, _ := value.(map[string]any)
		value = fields[s.key]
	}
	return value
}

func parse(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{}
	if err := obj.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return obj
}
