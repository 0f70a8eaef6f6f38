package mysql

import (
	"unicode/utf8"

	"ark.ai/apiserver/src/storage/driver"
)

// encode returns labels and fields for columns of JSON, which take text and no bytes; nil is
// unknown.
func encode(attributes driver.Attributes) (labels, fields any) {
	encodedLabels, encodedFields := attributes.Encode(utf8.ValidString)
	if encodedLabels != nil {
		labels = string(encodedLabels)
	}
	return labels, string(encodedFields)
}
