package fieldselector

import (
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// What selectors don't see of an object, since the same object may be with and without: its kind
// and version, which a list has decoded and a watch has not, and its resourceVersion, which is that
// of the change in what an object was before. Lists and watches would disagree.
var (
	typeMetaType   = typeOf[metav1.TypeMeta]()
	objectMetaType = typeOf[metav1.ObjectMeta]()
)

// isUnseen is for a field of a structure, by its name in JSON.
func isUnseen(t reflect.Type, name string) bool {
	switch name {
	case "kind", "apiVersion":
		return hasKind(t)
	case "resourceVersion":
		return t == objectMetaType
	}
	return false
}

func hasKind(t reflect.Type) bool {
	field, ok := t.FieldByName(typeMetaType.Name())
	return ok && field.Type == typeMetaType
}

// withoutUnseen is a structure, or a copy of it, in which these are empty.
func withoutUnseen(v reflect.Value) reflect.Value {
	if v.Type() != objectMetaType && !hasKind(v.Type()) {
		return v
	}
	seen := reflect.New(v.Type()).Elem()
	seen.Set(v)
	for _, name := range []string{"APIVersion", "Kind", "ResourceVersion"} {
		if field := seen.FieldByName(name); field.IsValid() {
			field.SetZero()
		}
	}
	return seen
}

// seenSchema is that of an object without them.
func seenSchema(object *spec.Schema) *spec.Schema {
	seen := asStored(object)
	delete(seen.Properties, "kind")
	delete(seen.Properties, "apiVersion")
	metadata := seen.Properties["metadata"]
	delete(metadata.Properties, "resourceVersion")
	return seen
}
