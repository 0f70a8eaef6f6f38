package driver

import (
	"encoding/json"
	"fmt"
)

// Encode returns the attributes as JSON objects, for a database whose JSON holds a text only if
// isText reports so. Labels are nil, which means unknown, if one can't be held; all that are valid
// can be. Fields that can't are left out, which means unknown too.
func (a Attributes) Encode(isText func(string) bool) (labels, fields []byte) {
	storable := make(map[string]string, len(a.Fields))
	for path, value := range a.Fields {
		if isText(path) && isText(value) {
			storable[path] = value
		}
	}
	fields = encode(storable)
	for key, value := range a.Labels {
		if !isText(key) || !isText(value) {
			return nil, fields
		}
	}
	return encode(a.Labels), fields
}

func encode(attributes map[string]string) []byte {
	if len(attributes) == 0 {
		return []byte("{}")
	}
	encoded, err := json.Marshal(attributes)
	if err != nil {
		panic(err) // Strings always encode.
	}
	return encoded
}

// Decode takes what Encode returned: nil is unknown.
func Decode(labels, fields []byte) (a Attributes, err error) {
	for column, attributes := range map[*map[string]string][]byte{&a.Labels: labels, &a.Fields: fields} {
		if attributes != nil {
			if err := json.Unmarshal(attributes, column); err != nil {
				return Attributes{}, fmt.Errorf("labels and fields: %w", err)
			}
		}
	}
	return a, nil
}
