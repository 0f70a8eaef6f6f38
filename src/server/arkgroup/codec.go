package arkgroup

import (
	"bytes"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/recognizer"
)

// storageCodec is codecs.LegacyCodec but for how it finds out of which kind JSON is: upstream's
// parses all of it for that, and then again for the object.
func storageCodec(scheme *runtime.Scheme, codecs serializer.CodecFactory, versions ...schema.GroupVersion) runtime.Codec {
	stored := json.NewSerializerWithOptions(leadingKind{}, scheme, scheme, json.SerializerOptions{})
	return codecs.CodecForVersions(stored, recognizer.NewDecoder(stored, codecs.UniversalDeserializer()),
		schema.GroupVersions(versions), runtime.InternalGroupVersioner)
}

// leadingKind is a json.MetaFactory that reads the kind at the beginning of an object, where the
// encoder writes it, and parses what does not begin so.
type leadingKind struct{ json.SimpleMetaFactory }

// Interpret implements json.MetaFactory.
func (f leadingKind) Interpret(data []byte) (*schema.GroupVersionKind, error) {
	kind, rest, ok := leadingString(data, `{"kind":"`)
	if !ok {
		return f.SimpleMetaFactory.Interpret(data)
	}
	apiVersion, _, ok := leadingString(rest, `,"apiVersion":"`)
	if !ok {
		return f.SimpleMetaFactory.Interpret(data)
	}
	version, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return nil, err
	}
	return new(version.WithKind(kind)), nil
}

// leadingString is the JSON string that begins behind prefix, and what comes after it.
func leadingString(data []byte, prefix string) (value string, rest []byte, ok bool) {
	data, ok = bytes.CutPrefix(data, []byte(prefix))
	if !ok {
		return "", nil, false
	}
	end := bytes.IndexAny(data, `"\`)
	if end < 0 || data[end] == '\\' {
		return "", nil, false
	}
	return string(data[:end]), data[end+1:], true
}
