package driver

import "encoding/json"

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
