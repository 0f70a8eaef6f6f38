package registry

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/storage/names"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// testScheme returns a scheme as a server has it.
func testScheme(t *testing.T) *runtime.Scheme {
	t.Helper()
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	return scheme
}

// testStrategy returns the strategy of a kind.
func testStrategy(t *testing.T, kind string) strategy {
	t.Helper()
	for _, r := range resources {
		if r.kind == kind {
			return strategy{resource: r, Scheme: testScheme(t), NameGenerator: names.SimpleNameGenerator}
		}
	}
	t.Fatalf("no kind %s in the table", kind)
	return strategy{}
}

// decode reads a manifest as a handler does: strictly, with defaults, into the internal version.
func decode(t *testing.T, scheme *runtime.Scheme, manifest string) runtime.Object {
	t.Helper()
	obj, err := tryDecode(t, scheme, manifest)
	if err != nil {
		t.Fatalf("decoding:\n%s\n%v", manifest, err)
	}
	return obj
}

// tryDecode does what decode does with a manifest that may not be one.
func tryDecode(t *testing.T, scheme *runtime.Scheme, manifest string) (runtime.Object, error) {
	t.Helper()
	codecs := serializer.NewCodecFactory(scheme, serializer.EnableStrict)
	info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), runtime.ContentTypeYAML)
	if !ok {
		t.Fatal("no YAML serializer")
	}
	obj, _, err := codecs.DecoderToVersion(info.StrictSerializer, runtime.InternalGroupVersioner).
		Decode([]byte(manifest), nil, nil)
	return obj, err
}

// manifest returns an object in YAML. The body holds spec and status, indented by nothing.
func manifest(kind, name, body string) string {
	return manifestOf(version{GroupVersion: v1alpha1.SchemeGroupVersion}, kind, name, body)
}

// manifestOf is one of a version.
func manifestOf(v version, kind, name, body string) string {
	return fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata: {name: %s, namespace: default}\n%s", v, kind, name, body)
}

// summary turns errors into "Type path" lines, sorted, which is what the tests are about.
func summary(errs field.ErrorList) []string {
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = strings.TrimPrefix(string(err.Type), "FieldValue") + " " + err.Field
	}
	slices.Sort(lines)
	return lines
}

// expect compares the errors of a write with the expected ones.
func expect(t *testing.T, got field.ErrorList, want ...string) {
	t.Helper()
	slices.Sort(want)
	if lines := summary(got); !slices.Equal(lines, want) {
		t.Errorf("errors\n  got  %q\n  want %q\n  text %v", lines, want, got.ToAggregate())
	}
}
