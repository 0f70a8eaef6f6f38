package registry

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

// What earlier builds stored opens, and an update that changes nothing leaves it byte for byte. The
// files are named by the day of the build; each has a value of every kind of that day, with every
// field, as the build stored it.
func TestStoredByEarlierBuilds(t *testing.T) {
	files, err := filepath.Glob("testdata/stored-*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	scheme := testScheme(t)
	codec := serializer.NewCodecFactory(scheme).LegacyCodec(GroupVersions()...)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for value := range bytes.Lines(text) {
			old, err := runtime.Decode(codec, value)
			if err != nil {
				t.Errorf("%s: %v\n%s", file, err, value)
				continue
			}
			kinds, _, err := scheme.ObjectKinds(old)
			if err != nil {
				t.Fatal(err)
			}
			s := testStrategy(t, kinds[0].Kind)
			obj := old.DeepCopyObject()
			s.PrepareForUpdate(t.Context(), obj, old)
			expect(t, s.ValidateUpdate(t.Context(), obj, old))
			statusStrategy{s}.PrepareForUpdate(t.Context(), obj, old)
			expect(t, statusStrategy{s}.ValidateUpdate(t.Context(), obj, old))
			if got := encode(t, codec, obj); !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(value)) {
				t.Errorf("%s: %s\n was    %s\n became %s", file, s.kind, value, got)
			}
		}
	}
}
