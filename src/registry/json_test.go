package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	goruntime "runtime"
	"strconv"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// freeJSON are values that decoding into maps and floats would change.
var freeJSON = []string{
	`"plain"`,
	`""`,
	`{"z":1,"a":2,"m":{"y":[],"b":{}}}`,
	`{"a":1,"a":2}`,
	`"\u0000\u0001"`,
	`"\ud800 lone, \uD83D\uDE00 paired, 😀 raw"`,
	`"\/ \u002f \u00e9 é"`,
	`"\u003ctag\u003e \u0026"`,
	`1e400`,
	`[12345678901234567890,1.0,1e2,-0,0.1000000000000000055511151231257827]`,
	`[null,true,false]`,
	`{"":{"":[]}}`,
	`[` + strings.Repeat(`[`, 500) + strings.Repeat(`]`, 500) + `]`,
}

func queryJSON(input string) string {
	return fmt.Sprintf(`{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q"},"spec":{"input":%s}}`, input)
}

// A thousand watches of a thousand large objects hold a million copies, of one text each.
func TestCopiesShareFreeJSON(t *testing.T) {
	long := v1alpha1.JSON{Raw: strconv.Quote(strings.Repeat("long ", 1<<17))}
	query := &v1alpha1.Query{Spec: v1alpha1.QuerySpec{Input: &long}}
	tool := &v1alpha1.Tool{Spec: v1alpha1.ToolSpec{InputSchema: &v1alpha1.JSONObject{JSON: long}}}
	for _, object := range []runtime.Object{query, tool} {
		var copied runtime.Object
		took := uint64(math.MaxUint64)
		for range 10 { // Others allocate, too.
			var before, after goruntime.MemStats
			goruntime.ReadMemStats(&before)
			copied = object.DeepCopyObject()
			goruntime.ReadMemStats(&after)
			took = min(took, after.TotalAlloc-before.TotalAlloc)
		}
		if took > 1<<16 {
			t.Errorf("a copy of %T takes %d bytes", object, took)
		}
		if !reflect.DeepEqual(copied, object) {
			t.Errorf("a copy of %T is another", object)
		}
	}
}

// What a client wrote passes through the codecs of requests, storage and responses unchanged.
func TestFreeJSONIsKept(t *testing.T) {
	scheme := testScheme(t)
	codec := serializer.NewCodecFactory(scheme).LegacyCodec(v1alpha1.SchemeGroupVersion)
	for _, input := range freeJSON {
		t.Run(input[:min(len(input), 40)], func(t *testing.T) {
			request := []byte(queryJSON(input))
			var stored []byte
			for range 3 {
				obj, err := runtime.Decode(codec, request)
				if err != nil {
					t.Fatal(err)
				}
				if stored, err = runtime.Encode(codec, obj.DeepCopyObject()); err != nil {
					t.Fatal(err)
				}
				request = stored
			}
			if !bytes.Contains(stored, []byte(`"input":`+input+`,`)) {
				t.Errorf("stored as %s", stored)
			}
		})
	}
}

// An encoder may choose white space and the escapes of <, > and &. Choosing otherwise is no change.
func TestFreeJSONIsNormalised(t *testing.T) {
	for in, want := range map[string]string{
		"{ \"a\" :\n[ 1 ] }":     `{"a":[1]}`,
		`"<b> & 'q'"`:            `"\u003cb\u003e \u0026 'q'"`,
		"\"\u2028\"":             `"\u2028"`,
		"\"invalid \xff UTF-8\"": "\"invalid \uFFFD UTF-8\"",
		`{"a \" b":["\\"]}`:      `{"a \" b":["\\"]}`,
		`{"a \" b":["\\" ]}`:     `{"a \" b":["\\"]}`,
		"{\"a\":1,\n\"b\":2}":    `{"a":1,"b":2}`,
		`["€"]`:                  `["€"]`,
	} {
		var first, again v1alpha1.JSON
		if err := first.UnmarshalJSON([]byte(in)); err != nil {
			t.Fatal(err)
		}
		if first.Raw != want {
			t.Errorf("%q became %q, want %q", in, first.Raw, want)
		}
		if err := again.UnmarshalJSON([]byte(first.Raw)); err != nil || again.Raw != first.Raw {
			t.Errorf("%q is not stable: %q, %v", in, again.Raw, err)
		}
	}
}

// One number that no float holds must not make a list unprintable or unencodable.
func TestHugeNumbers(t *testing.T) {
	s := testStrategy(t, "Query")
	codec := serializer.NewCodecFactory(s.Scheme).LegacyCodec(v1alpha1.SchemeGroupVersion)
	obj, err := runtime.Decode(codec, []byte(queryJSON(`{"huge":[1e400,-1e400],"tiny":1e-400}`)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj); err != nil {
		t.Errorf("to unstructured: %v", err)
	}
	if err := cbor.NewSerializer(s.Scheme, s.Scheme).Encode(obj, &bytes.Buffer{}); err != nil {
		t.Errorf("to CBOR: %v", err)
	}
}

// Patches that go through maps leave free JSON alone if they do not mention it, and replace it as a
// whole if they do.
func TestPatchingKeepsFreeJSON(t *testing.T) {
	s := testStrategy(t, "Query")
	ctx := genericapirequest.WithRequestInfo(t.Context(), &genericapirequest.RequestInfo{Verb: "patch"})
	for _, input := range freeJSON {
		old := &v1alpha1.Query{}
		if err := json.Unmarshal([]byte(queryJSON(input)), old); err != nil {
			t.Fatal(err)
		}
		patched := strategicMerge(t, old, `{"spec":{"cancel":true}}`)
		s.PrepareForUpdate(ctx, patched, old)
		if got := patched.Spec.Input.Raw; got != input {
			t.Errorf("unrelated patch: %s became %s", input, got)
		}
		if patched.Generation != old.Generation+1 || patched.Spec.Cancel == nil {
			t.Errorf("the patch of %s was lost", input)
		}

		patched = strategicMerge(t, old, `{"spec":{"input":{"q":{"r":1}}}}`)
		s.PrepareForUpdate(ctx, patched, old)
		if got := patched.Spec.Input.Raw; got != `{"q":{"r":1}}` {
			t.Errorf("patch of %s became %s", input, got)
		}
	}
}

// A PUT that reorders keys is not a patch: it is kept as sent.
func TestUpdatingReordersFreeJSON(t *testing.T) {
	s := testStrategy(t, "Query")
	ctx := genericapirequest.WithRequestInfo(t.Context(), &genericapirequest.RequestInfo{Verb: "update"})
	old, updated := &v1alpha1.Query{}, &v1alpha1.Query{}
	if err := json.Unmarshal([]byte(queryJSON(`{"b":1,"a":2}`)), old); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(queryJSON(`{"a":2,"b":1}`)), updated); err != nil {
		t.Fatal(err)
	}
	s.PrepareForUpdate(ctx, updated, old)
	if got := updated.Spec.Input.Raw; got != `{"a":2,"b":1}` {
		t.Errorf("became %s", got)
	}
}

// A strategic merge patch may change an entry of a map of objects.
func TestPatchingModelProperties(t *testing.T) {
	model := &v1alpha1.Model{Spec: v1alpha1.ModelSpec{Config: &v1alpha1.ModelConfig{Bedrock: &v1alpha1.BedrockModelConfig{
		Properties: map[string]v1alpha1.ValueSource{"temperature": {Value: new("0.1")}},
	}}}}
	patched := strategicMerge(t, model, `{"spec":{"config":{"bedrock":{"properties":{"temperature":{"value":"0.2"}}}}}}`)
	if got := ptr.Deref(patched.Spec.Config.Bedrock.Properties["temperature"].Value, ""); got != "0.2" {
		t.Errorf("temperature is %q", got)
	}
}

// strategicMerge patches as the server does: by way of the unstructured form.
func strategicMerge[T any](t *testing.T, obj *T, patch string) *T {
	t.Helper()
	original, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		t.Fatal(err)
	}
	var change map[string]interface{}
	if err := json.Unmarshal([]byte(patch), &change); err != nil {
		t.Fatal(err)
	}
	merged, err := strategicpatch.StrategicMergeMapPatch(original, change, obj)
	if err != nil {
		t.Fatal(err)
	}
	patched := new(T)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(merged, patched); err != nil {
		t.Fatal(err)
	}
	return patched
}

// Durations come back as written, and clients may decode them into metav1.Duration.
func TestDurationsAreKept(t *testing.T) {
	scheme := testScheme(t)
	codec := serializer.NewCodecFactory(scheme).LegacyCodec(v1alpha1.SchemeGroupVersion)
	for _, text := range []string{"720h", "30m0s", "1h0m0s", "0.5h", "90s", "+5m", "1us", "0"} {
		obj, err := runtime.Decode(codec, []byte(strings.Replace(queryJSON(`"i"`), `"spec":{`, `"spec":{"ttl":"`+text+`",`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		stored, err := runtime.Encode(codec, obj)
		if err != nil {
			t.Fatal(err)
		}
		var client struct {
			Spec struct {
				TTL metav1.Duration `json:"ttl"`
			} `json:"spec"`
		}
		if err := json.Unmarshal(stored, &client); err != nil {
			t.Errorf("%s: a client fails: %v", text, err)
		}
		if want, _ := v1alpha1.Duration(text).Parse(); client.Spec.TTL.Duration != want {
			t.Errorf("%s: a client reads %s", text, client.Spec.TTL.Duration)
		}
		if !bytes.Contains(stored, []byte(`"ttl":"`+text+`"`)) {
			t.Errorf("%s was stored as %s", text, stored)
		}
	}
}
