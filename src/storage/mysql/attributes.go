package mysql

import (
	"encoding/json"
	"unicode/utf8"
)

// encodeLabels is nil, which means unknown, if JSON can't hold the labels. It can hold all that are valid.
func encodeLabels(labels map[string]string) any {
	for key, value := range labels {
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return nil
		}
	}
	return encodeMap(labels)
}

// encodeFields leaves out, which means unknown, the fields that JSON can't hold.
func encodeFields(fields map[string]string) string {
	storable := make(map[string]string, len(fields))
	for path, value := range fields {
		if utf8.ValidString(path) && utf8.ValidString(value) {
			storable[path] = value
		}
	}
	return encodeMap(storable)
}

func encodeMap(attributes map[string]string) string {
	if len(attributes) == 0 {
		return "{}"
	}
	encoded, err := json.Marshal(attributes)
	if err != nil {
		panic(err) // Strings always encode.
	}
	return string(encoded)
}
