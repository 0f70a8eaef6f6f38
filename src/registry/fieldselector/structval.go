package fieldselector

import (
	"reflect"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"k8s.io/apiserver/pkg/cel/common"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// structVal is a Go structure as an expression sees it, which is what upstream's
// common.SchemalessTypedToVal makes of it: a map with the fields of its JSON form. Upstream copies
// each structure that leads to a field, and remembers each field: lists decide on thousands of
// objects, of which expressions look at a field or two.
type structVal struct {
	fields reflect.Value // a structure
}

var _ traits.Mapper = (*structVal)(nil)

// valueOf is a Go value as an expression sees it.
func valueOf(v reflect.Value) ref.Val {
	for v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		return types.String(v.String())
	case reflect.Struct:
		if v.Type() == jsonType {
			if free := freeJSON(v).ToUnstructured(); free != nil {
				return types.DefaultTypeAdapter.NativeToValue(free)
			}
		}
		entry := value.TypeReflectEntryOf(v.Type())
		if !entry.CanConvertToUnstructured() {
			return &structVal{v}
		}
		if v.CanAddr() {
			converted, err := entry.ToUnstructured(v)
			if err == nil && converted != nil {
				return types.DefaultTypeAdapter.NativeToValue(converted)
			}
		}
	}
	return common.SchemalessTypedToVal(v.Interface())
}

// upstream is what upstream makes of the structure.
func (s *structVal) upstream() traits.Mapper {
	return common.SchemalessTypedToVal(withoutUnseen(s.fields).Interface()).(traits.Mapper)
}

// Find implements traits.Mapper.
func (s *structVal) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return s.upstream().Find(key)
	}
	entry, ok := value.TypeReflectEntryOf(s.fields.Type()).Fields()[string(name)]
	if !ok || isUnseen(s.fields.Type(), string(name)) {
		return nil, false
	}
	field := entry.GetFrom(s.fields)
	if entry.CanOmit(field) {
		return nil, false
	}
	return valueOf(field), true
}

// Get implements traits.Indexer.
func (s *structVal) Get(key ref.Val) ref.Val {
	found, ok := s.Find(key)
	if !ok {
		return types.ValOrErr(key, "no such key: %v", key)
	}
	return found
}

// Contains implements traits.Container.
func (s *structVal) Contains(key ref.Val) ref.Val {
	found, ok := s.Find(key)
	if found != nil && types.IsError(found) {
		return found
	}
	return types.Bool(ok)
}

// IsSet implements traits.FieldTester.
func (s *structVal) IsSet(field ref.Val) ref.Val { return s.Contains(field) }

// Equal implements ref.Val.
func (s *structVal) Equal(other ref.Val) ref.Val {
	if o, ok := other.(*structVal); ok {
		other = o.upstream()
	}
	return s.upstream().Equal(other)
}

// ConvertToNative implements ref.Val.
func (s *structVal) ConvertToNative(typeDesc reflect.Type) (any, error) {
	return s.upstream().ConvertToNative(typeDesc)
}

// ConvertToType implements ref.Val.
func (s *structVal) ConvertToType(typeValue ref.Type) ref.Val {
	return s.upstream().ConvertToType(typeValue)
}

// Iterator implements traits.Iterable.
func (s *structVal) Iterator() traits.Iterator { return s.upstream().Iterator() }

// Size implements traits.Sizer.
func (s *structVal) Size() ref.Val { return s.upstream().Size() }

// Type implements ref.Val.
func (*structVal) Type() ref.Type { return types.MapType }

// Value implements ref.Val.
func (s *structVal) Value() any { return s.fields.Interface() }
