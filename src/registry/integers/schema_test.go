package integers

import (
	"testing"

	"k8s.io/kube-openapi/pkg/validation/spec"
)

// What a schema does not describe as an integer is free.
func TestSchema(t *testing.T) {
	object := func(properties map[string]spec.Schema) spec.Schema {
		return spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}, Properties: properties}}
	}
	text, number := *spec.StringProperty(), *spec.Float64Property()
	schema := object(map[string]spec.Schema{
		"text": text, "number": number, "short": *spec.Int32Property(), "long": *spec.Int64Property(),
		"list": *spec.ArrayProperty(spec.Int64Property()), "texts": *spec.ArrayProperty(&text),
		"object": object(map[string]spec.Schema{"text": text, "deep": *spec.Int64Property()}), "free": object(nil),
	})
	for in, want := range map[string]string{
		`{"long":3.0, "short":3e0,"list":[1.0,2],"object":{"deep":1.0,"text":1.0}}`:           `{"long":3, "short":3,"list":[1,2],"object":{"deep":1,"text":1.0}}`,
		`{"text":1.0,"number":1.0,"texts":[1.0],"free":{"long":1.0},"unknown":[1e2]}`:         `{"text":1.0,"number":1.0,"texts":[1.0],"free":{"long":1.0},"unknown":[1e2]}`,
		`{"short":2147483648.0,"long":2147483648.0,"list":{"a":1.0},"object":[{"deep":1.0}]}`: `{"short":2147483648.0,"long":2147483648,"list":{"a":1.0},"object":[{"deep":1.0}]}`,
		`{"long":3.5}`: `{"long":3.5}`,
		`text`:         `text`,
	} {
		if got := string(NewSchema(&schema).Plain([]byte(in))); got != want {
			t.Errorf("%s\n  became %s\n  want   %s", in, got, want)
		}
	}
	without := object(map[string]spec.Schema{"text": text, "texts": *spec.ArrayProperty(&text)})
	if got := string(NewSchema(&without).Plain([]byte(`{"text":1.0}`))); got != `{"text":1.0}` {
		t.Errorf("became %s", got)
	}
}
