package integers

import (
	"encoding/json"
	"errors"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Serializer returns a serializer whose decoders accept integers that are written as floats.
func Serializer(s runtime.NegotiatedSerializer, creater runtime.ObjectCreater) runtime.NegotiatedSerializer {
	return negotiatedSerializer{NegotiatedSerializer: s, creater: creater}
}

type negotiatedSerializer struct {
	runtime.NegotiatedSerializer
	creater runtime.ObjectCreater
}

// DecoderToVersion implements runtime.NegotiatedSerializer. All bodies of creations and updates,
// and all objects that JSON and merge patches make, go through it.
func (s negotiatedSerializer) DecoderToVersion(d runtime.Decoder, gv runtime.GroupVersioner) runtime.Decoder {
	return s.NegotiatedSerializer.DecoderToVersion(decoder{Decoder: d, creater: s.creater}, gv)
}

// decoder decodes once more, with plain integers, what could not be decoded. Objects that can be
// decoded cost nothing.
type decoder struct {
	runtime.Decoder
	creater runtime.ObjectCreater
}

// Decode implements runtime.Decoder.
func (d decoder) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	obj, gvk, err := d.Decoder.Decode(data, defaults, into)
	if err == nil || gvk == nil {
		return obj, gvk, err
	}
	if plain := d.plain(data, *gvk, err); plain != nil {
		return d.Decoder.Decode(plain, defaults, into)
	}
	return obj, gvk, err
}

// plain rewrites what failed to decode. It returns nil if there is nothing to rewrite.
func (d decoder) plain(data []byte, gvk schema.GroupVersionKind, failure error) []byte {
	var wrongType *json.UnmarshalTypeError
	_, isCBOR := d.Decoder.(cbor.Serializer)
	if !isCBOR && !errors.As(failure, &wrongType) {
		return nil
	}
	obj, err := d.creater.New(gvk)
	if err != nil {
		return nil
	}
	if isCBOR {
		return plainCBOR(data, reflect.TypeOf(obj))
	}
	// YAML needs no rewriting, and is not rewritten: its integers become plain when it is converted
	// to JSON.
	return plainJSON(data, reflect.TypeOf(obj))
}

// plainCBOR does for CBOR what plainJSON does for JSON. CBOR has no text to keep.
func plainCBOR(data []byte, t reflect.Type) []byte {
	var tree any
	if err := direct.Unmarshal(data, &tree); err != nil {
		return nil
	}
	rewritten := false
	visit(tree, t, nil, func(number any, t reflect.Type, _ *field.Path) any {
		if float, ok := number.(float64); ok {
			if plain, ok := integer(float, t); ok {
				rewritten = true
				return plain
			}
		}
		return number
	})
	if !rewritten {
		return nil
	}
	plain, err := direct.Marshal(tree)
	if err != nil {
		return nil
	}
	return plain
}
