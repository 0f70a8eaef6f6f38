package integers

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// read returns the causes for which reading a patch fails.
func read(t *testing.T, patchType types.PatchType, kind, content string) (causes []string) {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	body := &patch{
		ReadCloser: io.NopCloser(strings.NewReader(content)),
		unmarshal:  converted[patchType],
		isText:     patchType != types.ApplyCBORPatchType,
		creater:    scheme,
		gvk:        v1alpha1.SchemeGroupVersion.WithKind(kind),
		name:       "it",
	}
	text, err := io.ReadAll(body)
	if string(text) != content {
		t.Errorf("%s was read as %s", content, text)
	}
	if err == nil {
		return nil
	}
	var status *apierrors.StatusError
	if !errors.As(err, &status) || !apierrors.IsInvalid(err) || status.ErrStatus.Details.Name != "it" {
		t.Fatalf("%s: %v", content, err)
	}
	for _, cause := range status.ErrStatus.Details.Causes {
		causes = append(causes, cause.Field+": "+cause.Message)
	}
	return causes
}

// Numbers that do not fit are refused, all of them at once. Those that fit, in any form, and
// patches that are none are not.
func TestPatch(t *testing.T) {
	for _, c := range []struct {
		kind, patch string
		want        []string
	}{
		{"Team", `{"spec":{"maxTurns":2147483647,"$setElementOrder/members":[4294967299]}}`, nil},
		{"Team", `{"spec":{"maxTurns":3.0,"members":null}}`, nil},
		{"Team", `{"spec":{"maxTurns":1e2}}`, nil},
		{"Team", `{"spec":{"maxTurns":null,"unknown":1e30},"unknown":4294967299}`, nil},
		{"Team", `{"spec":{"maxTurns":2147483648}}`, []string{"spec.maxTurns: Invalid value: 2147483648: must be a 32-bit integer"}},
		{"Team", `{"spec":{"maxTurns":-1e30}}`, []string{"spec.maxTurns: Invalid value: -1e+30: must be a 32-bit integer"}},
		{"Team", `{"spec":{"maxTurns":3.5}}`, []string{"spec.maxTurns: Invalid value: 3.5: must be a 32-bit integer"}},
		{"Query", `{"spec":{"input":{"maxTurns":1e30}},"status":{"tokenUsage":{"totalTokens":9223372036854775807}}}`, nil},
		{"Query", `{"metadata":{"generation":0.5},"status":{"conditions":[{},{"observedGeneration":1e19}],"tokenUsage":{"totalTokens":9223372036854775808}}}`, []string{
			"metadata.generation: Invalid value: 0.5: must be a 64-bit integer",
			"status.conditions[1].observedGeneration: Invalid value: 1e+19: must be a 64-bit integer",
			"status.tokenUsage.totalTokens: Invalid value: 9.223372036854776e+18: must be a 64-bit integer",
		}},
		{"Agent", `{"spec":{"pod":{"template":{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":4294967376}},"resources":{"limits":{"memory":4294967296}},"ports":[{"containerPort":4294967376}]}]}}}}}`, []string{
			"spec.pod.template.spec.containers[0].livenessProbe.httpGet.port: Invalid value: 4294967376: must be a 32-bit integer",
			"spec.pod.template.spec.containers[0].ports[0].containerPort: Invalid value: 4294967376: must be a 32-bit integer",
		}},
		{"Team", `{"spec":{"maxTurns":4294967299`, nil},
		{"Team", `[4294967299]`, nil},
		{"Team", ``, nil},
	} {
		if got := read(t, types.StrategicMergePatchType, c.kind, c.patch); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n  got  %q\n  want %q", c.patch, got, c.want)
		}
	}
	yaml := "spec:\n  maxTurns: 0xFFFFFFFF # -1\n"
	if got := read(t, types.ApplyYAMLPatchType, "Team", yaml); !slices.Equal(got, []string{"spec.maxTurns: Invalid value: 4294967295: must be a 32-bit integer"}) {
		t.Errorf("YAML: %q", got)
	}
	cbor := "\xa1\x44spec\xa1\x48maxTurns\x1a\xff\xff\xff\xff"
	if got := read(t, types.ApplyCBORPatchType, "Team", cbor); !slices.Equal(got, []string{"spec.maxTurns: Invalid value: 4294967295: must be a 32-bit integer"}) {
		t.Errorf("CBOR: %q", got)
	}
}

// Most patches need no second look.
func TestFitsAnywhere(t *testing.T) {
	for text, want := range map[string]bool{
		`{"apiVersion":"ark.ai/v1alpha1","spec":{"maxTurns":999999999,"a":-1}}`:                                             true,
		"apiVersion: ark.ai/v1alpha1\nmetadata:\n  time: 2026-01-01T00:00:00Z\n  uid: 11111111-1111-1111-1111-11111111aaaa": true,
		"prompt: Tell me. Now. In 2 lines.\n":                                                                               true,
		"":                                                                                                                  true,
		"1000000000":                                                                                                        false,
		"1.0":                                                                                                               false,
		".5":                                                                                                                false,
		"5.":                                                                                                                false,
		"1e1":                                                                                                               false,
		"0xF":                                                                                                               false,
		"0b1":                                                                                                               false,
		"0o7":                                                                                                               false,
		"1_0":                                                                                                               false,
		`!!int "\x39"`:                                                                                                      false,
		"\xff\xfe1\x000\x000\x000\x000\x000\x000\x000\x000\x000\x00": false,
	} {
		if got := fitsAnywhere([]byte(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// The quick look never takes something for fitting that the thorough one refuses.
func FuzzFitsAnywhere(f *testing.F) {
	for _, seed := range []string{
		`{"int32":2147483648,"list":[1e10],"map":{"a":3.5}}`,
		"int32: 0xFFFFFFFF\nlist: [4_294_967_299, 037777777777, .5, !!int \"4294967299\"]\nmap: {a: 0b11, b: 1e30, c: 6:7}",
		"\xff\xfei\x00n\x00t\x003\x002\x00:\x00 \x001\x00.\x005\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		content := map[string]any{}
		if !fitsAnywhere([]byte(text)) || yaml.Unmarshal([]byte(text), &content) != nil {
			return
		}
		visit(content, reflect.TypeFor[numbers](), nil, func(number any, of reflect.Type, path *field.Path) any {
			if !fits(number, of) {
				t.Errorf("%q: %s is %v", text, path, number)
			}
			return number
		})
	})
}
