package oracle_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"ark.ai/apiserver/conformance/framework"
)

var (
	// integerForms are numbers that are integers, as clients may write them.
	integerForms = []string{"3", "3.0", "3e0", "30e-1", "1e2", "1E+02", "3.00000000000000000001", "0.0", "-0.0", "-3.0"}
	// otherForms are those that are none, or that some integers cannot hold.
	otherForms = []string{
		"0.5", "3.0000000001", "2147483648.0", "4294967299", "9007199254740992.0", "9223372036854775808", "-1e30", "1e400",
	}
	// podForms are those of otherForms that are tried in each of the many places of a pod.
	podForms = []string{"0.5", "4294967299"}
)

var _ = Describe("Every number", func() {
	for _, kind := range slices.Sorted(maps.Keys(loadSamples())) {
		for _, part := range []string{"spec", "status"} {
			n := numbers{sample: loadSamples()[kind], part: part, schema: partOf(kind, part)}
			if len(n.places()) == 0 {
				continue
			}
			It("of the "+part+", in every form: "+kind, func(ctx SpecContext) {
				steps := []step{{Send: "POST " + n.sample.Plural, Body: marshal(object(n.sample.Minimal, nil)), As: "it"}}
				for i, write := range n.ways() {
					steps = append(steps, n.inAllPlaces(write)...)
					steps = append(steps, n.inEachPlace(write, i)...)
				}
				found, err := run(ctx, framework.Namespace(ctx), steps)
				Expect(err).NotTo(HaveOccurred())
				judge(len(steps), 0, found)
			})
		}
	}
})

// numbers are those of the spec or of the status of a kind.
type numbers struct {
	sample sample
	part   string
	// schema is that of the part, as custom resources have it.
	schema *apiextensionsv1.JSONSchemaProps
}

func partOf(kind, part string) *apiextensionsv1.JSONSchemaProps {
	for _, definition := range definitions() {
		if definition.Spec.Names.Kind == kind {
			schema := definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties[part]
			return &schema
		}
	}
	panic("no definition of " + kind)
}

// write makes a request that writes a part.
type write func(note string, content any) step

// inAllPlaces writes each form of integers, in all places at once.
func (n numbers) inAllPlaces(w write) (steps []step) {
	for _, form := range integerForms {
		steps = append(steps, w(form, n.with(func(string) string { return form })))
	}
	return steps
}

// inEachPlace writes numbers that are refused, one at a time.
func (n numbers) inEachPlace(w write, turn int) (steps []step) {
	for i, place := range n.places() {
		forms := otherForms
		if strings.HasPrefix(place, "spec.pod.template.") {
			// A pod has many places: they take turns.
			forms = podForms[(i+turn)%len(podForms):][:1]
		}
		for _, form := range forms {
			steps = append(steps, w(place+": "+form, n.with(func(path string) string {
				if path == place {
					return form
				}
				return ""
			})))
		}
	}
	return steps
}

// ways are all ways to write the part.
func (n numbers) ways() []write {
	path, version := n.sample.Plural+"/it", "$(it.resourceVersion)"
	if n.part == "status" {
		path += "/status"
	}
	ways := []write{
		n.whole("PUT "+path+"?dryRun=All", "it", version, ""),
		n.whole("APPLY "+path+"?dryRun=All&fieldManager=numbers&force=true", "it", "", ""),
		n.change("MERGE " + path + "?dryRun=All"),
		n.change("STRATEGIC " + path + "?dryRun=All"),
		func(note string, content any) step {
			operation := map[string]any{"op": "add", "path": "/" + n.part, "value": content}
			return step{Send: "JSON " + path + "?dryRun=All", Note: note, Body: marshal([]any{operation})}
		},
	}
	if n.part == "spec" {
		for _, contentType := range []string{"", "application/yaml", "application/cbor"} {
			ways = append(ways, n.whole("POST "+n.sample.Plural+"?dryRun=All", "other", "", contentType))
		}
	}
	return ways
}

// whole sends an object with the part.
func (n numbers) whole(send, name, version, contentType string) write {
	return func(note string, content any) step {
		metadata := map[string]any{"name": name}
		if version != "" {
			metadata["resourceVersion"] = version
		}
		st := step{Send: send, Note: note, Body: marshal(map[string]any{"metadata": metadata, n.part: content})}
		if contentType != "" {
			st.Headers = map[string]string{"Content-Type": contentType}
		}
		return st
	}
}

// change sends a patch with the part.
func (n numbers) change(send string) write {
	return func(note string, content any) step {
		return step{Send: send, Note: note, Body: marshal(map[string]any{n.part: content}), Instead: strings.Replace(send, "STRATEGIC", "MERGE", 1)}
	}
}

// places are the paths of all numbers.
func (n numbers) places() (paths []string) {
	n.with(func(path string) string {
		paths = append(paths, path)
		return ""
	})
	return paths
}

// with returns the minimal part with numbers in the places for which number returns one. Where that
// is, there is also what the schema requires there.
func (n numbers) with(number func(path string) string) any {
	var content any
	if n.part == "spec" {
		content = parseJSON(n.sample.Minimal)
	}
	if with, ok := withNumbers(n.schema, content, n.part, number); ok {
		return with
	}
	return content
}

func withNumbers(s *apiextensionsv1.JSONSchemaProps, value any, path string, number func(path string) string) (with any, ok bool) {
	switch {
	case s.Type == "integer" || s.Type == "number" || s.XIntOrString:
		literal := number(path)
		return json.RawMessage(literal), literal != ""
	case s.Items != nil:
		list, _ := value.([]any)
		list = append(slices.Clone(list), nil)
		list[0], ok = withNumbers(s.Items.Schema, list[0], path+"[0]", number)
		return list[:max(1, len(list)-1)], ok
	case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
		property, ok := withNumbers(s.AdditionalProperties.Schema, nil, path+".key", number)
		return map[string]any{"key": property}, ok
	}
	object, _ := value.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		if with, has := withNumbers(&property, object[name], path+"."+name, number); has {
			object[name], ok = with, true
		} else if _, there := object[name]; !there && slices.Contains(s.Required, name) {
			object[name] = required(&property)
		}
	}
	return object, ok
}

// required is what a property holds that must be there.
func required(s *apiextensionsv1.JSONSchemaProps) any {
	switch {
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == "integer" || s.XIntOrString:
		return 1
	case s.Type == "boolean":
		return true
	case s.Type == "array":
		return []any{}
	case s.Type == "object":
		object := map[string]any{}
		for _, name := range s.Required {
			property := s.Properties[name]
			object[name] = required(&property)
		}
		return object
	case s.Format == "date-time":
		return "2026-01-01T00:00:00Z"
	}
	return "x"
}
