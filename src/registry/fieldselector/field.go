package fieldselector

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Field is a scalar field of a kind.
type Field struct {
	// Path from the object, such as status.phase.
	Path string
	Type Type

	// steps are the indexes of struct fields from the object on; below them, inside an open part,
	// keys are names.
	steps [][]int
	keys  []string
	// zero says that a number or boolean which JSON leaves out is 0 or false.
	zero bool
}

// notSelectable are fields of metadata that mean nothing to who selects.
var notSelectable = []string{"metadata.resourceVersion", "metadata.selfLink", "metadata.deletionGracePeriodSeconds"}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// Types of these packages are looked into, and a few of others: a template of a pod has hundreds of
// fields that nobody looks for here.
var (
	ownPackages = strings.TrimSuffix(typeOf[v1alpha1.Query]().PkgPath(), "v1alpha1")
	lookedInto  = []reflect.Type{
		typeOf[metav1.ObjectMeta](), typeOf[corev1.SecretKeySelector](), typeOf[corev1.ConfigMapKeySelector](), typeOf[corev1.LocalObjectReference](),
	}
)

// fieldsOf are the scalar fields of a Go type that stand for themselves: what is in lists and maps,
// and free JSON, is left out.
func fieldsOf(t reflect.Type) []Field {
	var found []Field
	for _, part := range []string{"ObjectMeta", "Spec", "Status"} {
		if field, ok := t.FieldByName(part); ok {
			found = appendFields(found, field.Type, nameOf(field), [][]int{field.Index}, nil)
		}
	}
	found = slices.DeleteFunc(found, func(f Field) bool { return slices.Contains(notSelectable, f.Path) })
	slices.SortFunc(found, func(a, b Field) int { return strings.Compare(a.Path, b.Path) })
	return found
}

func nameOf(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

// appendFields adds the scalars within a type that is not within one of outer: a type that contains
// itself has no end of fields.
func appendFields(found []Field, t reflect.Type, path string, steps [][]int, outer []reflect.Type) []Field {
	if open, ok := reflect.New(indirect(t)).Interface().(v1alpha1.OpenPart); ok {
		return appendOpen(found, open.OpenAPIDefinition().Schema, path, Field{steps: steps})
	}
	pointer := t.Kind() == reflect.Pointer
	t = indirect(t)
	if scalarType := typeOfScalar(t); scalarType != "" {
		if scalarType == String {
			scalarType = typeOfText(path)
		}
		return append(found, Field{Path: path, Type: scalarType, steps: steps, zero: !pointer && t.Kind() != reflect.String && t != timeType})
	}
	foreign := !strings.HasPrefix(t.PkgPath(), ownPackages) && !slices.Contains(lookedInto, t)
	if t.Kind() != reflect.Struct || foreign || slices.Contains(outer, t) {
		return found
	}
	outer = append(slices.Clone(outer), t)
	for i := range t.NumField() {
		field := t.Field(i)
		within := append(slices.Clone(steps), field.Index)
		switch name := nameOf(field); {
		case name == "" && field.Anonymous:
			found = appendFields(found, field.Type, path, within, outer)
		case name != "" && name != "-":
			found = appendFields(found, field.Type, path+"."+name, within, outer)
		}
	}
	return found
}

// textTypes are those of fields whose texts are durations and times, although their types in Go
// allow any text: what is none has no value.
var textTypes = map[string]Type{
	"spec.http.timeout":          Duration,
	"spec.timeout":               Duration,
	"spec.toolCallTimeout":       Duration,
	"spec.ttl":                   Duration,
	"status.lastStatusTimestamp": Time,
}

func typeOfText(path string) Type { return cmp.Or(textTypes[path], String) }

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func typeOfScalar(t reflect.Type) Type {
	switch t {
	case timeType:
		return Time
	case typeOf[v1alpha1.Duration]():
		return Duration
	case typeOf[v1alpha1.UnitInterval]():
		return Number
	}
	switch t.Kind() {
	case reflect.String:
		return String
	case reflect.Bool:
		return Boolean
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float64:
		return Number
	}
	return ""
}

// appendOpen adds the scalars that the schema of an open part describes.
func appendOpen(found []Field, schema spec.Schema, path string, field Field) []Field {
	for name, property := range schema.Properties {
		within := Field{Path: path + "." + name, steps: field.steps, keys: append(slices.Clone(field.keys), name)}
		switch {
		case property.Type.Contains("object"):
			found = appendOpen(found, property, within.Path, within)
			continue
		case property.Type.Contains("string"):
			within.Type = typeOfText(within.Path)
		case property.Type.Contains("boolean"):
			within.Type = Boolean
		case property.Type.Contains("integer"), property.Type.Contains("number"):
			within.Type = Number
		default:
			continue
		}
		found = append(found, within)
	}
	return found
}

// of is the value that an object has, and its text. An absent one has neither.
func (f *Field) of(obj runtime.Object) (value scalar, text string, present bool) {
	v := reflect.ValueOf(obj).Elem()
	for _, step := range f.steps {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return "", "", false
			}
			v = v.Elem()
		}
		v = v.FieldByIndex(step)
	}
	if len(f.keys) > 0 {
		return f.ofOpen(v)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "", "", false
		}
		v = v.Elem()
	}
	if v.Type() == timeType {
		t := v.Interface().(metav1.Time)
		return ofTime(t.Time), "", !t.IsZero()
	}
	switch v.Kind() {
	case reflect.String:
		return f.ofText(v.String())
	case reflect.Bool:
		return f.ofText(strconv.FormatBool(v.Bool()))
	case reflect.Float64:
		return ofFloat(v.Float()), "", true
	default:
		return ofInteger(v.Int()), "", true
	}
}

// ofText is the value of a text, which has none if it is empty or of another type. Durations
// without a unit are in seconds, as Tools have them.
func (f *Field) ofText(text string) (scalar, string, bool) {
	parsed := text
	if f.Type == Duration && strings.Trim(text, "0123456789") == "" {
		parsed += "s"
	}
	value, err := f.Type.parse(parsed)
	return value, text, err == nil && text != ""
}

// ofOpen is the value under the keys in an open part.
func (f *Field) ofOpen(v reflect.Value) (scalar, string, bool) {
	part, ok := v.Interface().(v1alpha1.OpenPart)
	if !ok || v.IsNil() {
		return "", "", false
	}
	decoder := json.NewDecoder(strings.NewReader(part.Free().Raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", "", false
	}
	for _, key := range f.keys {
		object, ok := value.(map[string]any)
		if !ok {
			return "", "", false
		}
		value = object[key]
	}
	switch value := value.(type) {
	case string:
		return f.ofText(value)
	case json.Number:
		return f.ofText(value.String())
	case bool:
		return f.ofText(strconv.FormatBool(value))
	}
	return "", "", false
}
