package arkgroup

import (
	"bytes"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"ark.ai/apiserver/src/registry"
)

// TestStorageCodec: what is stored is read and written as with upstream's codec, whatever it looks
// like.
func TestStorageCodec(t *testing.T) {
	t.Parallel()
	group, err := New()
	if err != nil {
		t.Fatal(err)
	}
	ours := storageCodec(group.scheme, group.codecs, registry.GroupVersions()...)
	upstream := group.codecs.LegacyCodec(registry.GroupVersions()...)
	for name, stored := range map[string]string{
		"as written":             `{"kind":"Query","apiVersion":"ark.ai/v1alpha1","metadata":{"name":"a"},"spec":{"input":{"b":[1, 2],"a":"<"}}}`,
		"of another version":     `{"kind":"A2AServer","apiVersion":"ark.ai/v1prealpha1","metadata":{"name":"a"}}`,
		"apiVersion first":       `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"a"}}`,
		"kind last":              `{"metadata":{"name":"a"},"apiVersion":"ark.ai/v1alpha1","kind":"Query"}`,
		"with spaces":            ` { "kind": "Query", "apiVersion": "ark.ai/v1alpha1", "metadata": {"name":"a"} }`,
		"kind escaped":           `{"kind":"Qu\u0065ry","apiVersion":"ark.ai/v1alpha1","metadata":{"name":"a"}}`,
		"version escaped":        `{"kind":"Query","apiVersion":"ark.ai\/v1alpha1","metadata":{"name":"a"}}`,
		"nothing but the kind":   `{"kind":"Query","apiVersion":"ark.ai/v1alpha1"}`,
		"YAML":                   "kind: Query\napiVersion: ark.ai/v1alpha1\nmetadata: {name: a}\n",
		"unknown kind":           `{"kind":"Quarry","apiVersion":"ark.ai/v1alpha1","metadata":{"name":"a"}}`,
		"unknown version":        `{"kind":"Query","apiVersion":"ark.ai/v7","metadata":{"name":"a"}}`,
		"version with two /":     `{"kind":"Query","apiVersion":"ark.ai/v1/alpha1","metadata":{"name":"a"}}`,
		"no version":             `{"kind":"Query","metadata":{"name":"a"}}`,
		"no kind":                `{"apiVersion":"ark.ai/v1alpha1","metadata":{"name":"a"}}`,
		"cut off":                `{"kind":"Query","apiVersion":"ark.ai/v1alpha1","metadata":{"na`,
		"cut off in the kind":    `{"kind":"Que`,
		"more than one object":   `{"kind":"Query","apiVersion":"ark.ai/v1alpha1","metadata":{"name":"a"}}{}`,
		"a name that is no text": `{"kind":"Query","apiVersion":"ark.ai/v1alpha1","metadata":{"name":1}}`,
		"empty":                  ``,
	} {
		got, gotErr := runtime.Decode(ours, []byte(stored))
		want, wantErr := runtime.Decode(upstream, []byte(stored))
		if (gotErr != nil) != (wantErr != nil) || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v, %v", name, got, gotErr, want, wantErr)
			continue
		}
		if wantErr != nil {
			continue
		}
		written, err := runtime.Encode(ours, got)
		if err != nil {
			t.Fatal(err)
		}
		expected, err := runtime.Encode(upstream, want)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(written, expected) {
			t.Errorf("%s: wrote %s, want %s", name, written, expected)
		}
		// Its kind is found without parsing what comes after it.
		kind, err := leadingKind{}.Interpret(bytes.TrimRight(written, "}\n"))
		if err != nil {
			t.Errorf("%s: the kind of %s: %v", name, written, err)
		} else if !group.scheme.Recognizes(*kind) {
			t.Errorf("%s: the kind of %s is %v", name, written, kind)
		}
	}
}
