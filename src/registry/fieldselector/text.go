package fieldselector

import (
	"encoding/base64"
	"reflect"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/structured-merge-diff/v6/value"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// hasText reports whether all words are somewhere in an object.
func hasText(obj runtime.Object, wanted []string) bool {
	return !eachText(obj, newSearch(wanted).visitor())
}

// visitor looks until all words were found.
func (s *search) visitor() textVisitor {
	return textVisitor{visit: func(text string) bool { return !s.in(text) }, skip: func(raw string) bool { return !s.mayFindIn(raw) }}
}

// textVisitor is shown texts until visit returns false. Free JSON is only decoded for it unless
// skip says that nothing in it matters.
type textVisitor struct {
	visit func(text string) bool
	skip  func(raw string) bool
	// asJSON is for what is text in JSON only, too, such as times, unless nothing in those matters.
	asJSON, skipTimes bool
}

// eachText visits what is text in an object, and reports whether visit never returned false: its
// name, and the texts of its spec and status, at whatever depth.
func eachText(obj runtime.Object, visitor textVisitor) bool {
	if metadata, err := meta.Accessor(obj); err == nil && !visitor.visit(metadata.GetName()) {
		return false
	}
	object := reflect.ValueOf(obj).Elem()
	for _, i := range visitedFieldsOf(object.Type()).parts {
		if !visitor.each(object.Field(i)) {
			return false
		}
	}
	return true
}

func (t textVisitor) each(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return v.Len() == 0 || t.visit(v.String())
	case reflect.Pointer:
		return v.IsNil() || t.each(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return !t.asJSON || t.visit(base64.StdEncoding.EncodeToString(v.Bytes()))
		}
		for i := range v.Len() {
			if !t.each(v.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		if texts, ok := v.Interface().(map[string]string); ok {
			return t.eachOf(texts)
		}
		for entries := v.MapRange(); entries.Next(); {
			if !t.each(entries.Value()) {
				return false
			}
		}
	case reflect.Struct:
		if v.Type() == jsonType {
			free := freeJSON(v)
			return t.skip(free.Raw) || eachTextOfAny(free.ToUnstructured(), t.visit)
		}
		if t.skipTimes && (v.Type() == timeType || v.Type() == microTimeType) {
			return true
		}
		fields := visitedFieldsOf(v.Type())
		if t.asJSON {
			if entry := value.TypeReflectEntryOf(v.Type()); entry.CanConvertToUnstructured() {
				skip := v.Type() == managedFieldsType || fields.raw != nil && t.skip(v.FieldByIndex(fields.raw).String())
				return skip || t.eachAsJSON(entry, v)
			}
		}
		for _, i := range fields.exported {
			if !t.each(v.Field(i)) {
				return false
			}
		}
	}
	return true
}

func (t textVisitor) eachOf(texts map[string]string) bool {
	for _, text := range texts {
		if text != "" && !t.visit(text) {
			return false
		}
	}
	return true
}

// eachAsJSON visits what has a JSON form of its own.
func (t textVisitor) eachAsJSON(entry *value.TypeReflectCacheEntry, v reflect.Value) bool {
	if !v.CanAddr() { // its methods may be those of a pointer
		addressable := reflect.New(v.Type()).Elem()
		addressable.Set(v)
		v = addressable
	}
	converted, err := entry.ToUnstructured(v)
	return err != nil || eachTextOfAny(converted, t.visit)
}

var (
	jsonType = reflect.TypeFor[v1alpha1.JSON]()
	// managedFieldsType has keys only.
	managedFieldsType = reflect.TypeFor[metav1.FieldsV1]()
	microTimeType     = reflect.TypeFor[metav1.MicroTime]()
	// knownFields are those of structures that were visited: to ask for them takes long.
	knownFields sync.Map // reflect.Type → visitedFields
)

// freeJSON is that in a value of jsonType, without a copy of all of that.
func freeJSON(v reflect.Value) v1alpha1.JSON {
	return v1alpha1.JSON{Raw: v.FieldByIndex(visitedFieldsOf(jsonType).raw).String()}
}

// visitedFields are the fields of a structure.
type visitedFields struct {
	exported []int
	// parts are an object's spec and status.
	parts []int
	// raw is where the text of free JSON is in what is, or embeds, that; nil in others.
	raw []int
}

func visitedFieldsOf(t reflect.Type) visitedFields {
	if known, ok := knownFields.Load(t); ok {
		return known.(visitedFields)
	}
	var fields visitedFields
	for i := range t.NumField() {
		unseen := t.Field(i).Type == typeMetaType || isUnseen(t, nameOf(t.Field(i)))
		if t.Field(i).IsExported() && !unseen {
			fields.exported = append(fields.exported, i)
		}
		if name := t.Field(i).Name; name == "Spec" || name == "Status" {
			fields.parts = append(fields.parts, i)
		}
	}
	if raw, ok := t.FieldByName("Raw"); ok && raw.Type.Kind() == reflect.String {
		fields.raw = raw.Index
	}
	knownFields.Store(t, fields)
	return fields
}

// eachTextOfAny visits the strings of free JSON, of which keys are none.
func eachTextOfAny(value any, visit func(text string) bool) bool {
	switch value := value.(type) {
	case string:
		return visit(value)
	case []any:
		for _, item := range value {
			if !eachTextOfAny(item, visit) {
				return false
			}
		}
	case map[string]any:
		for _, item := range value {
			if !eachTextOfAny(item, visit) {
				return false
			}
		}
	}
	return true
}
