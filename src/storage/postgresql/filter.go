package postgresql

import (
	"encoding/json"

	"ark.ai/apiserver/src/storage/driver"
)

// requirement is an element of the filter that sqlMatches takes.
type requirement struct {
	Field    bool     `json:"field"`
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	// HiddenKey and HiddenBy may be empty.
	HiddenKey string `json:"hidden_key"`
	HiddenBy  string `json:"hidden_by"`
}

var operators = map[driver.Operator]string{
	driver.In:        "in",
	driver.NotIn:     "notin",
	driver.Exists:    "exists",
	driver.NotExists: "notexists",
}

// encodeFilter is the filter as JSON. It leaves out requirements that it can't express: the caller
// of List checks again.
func encodeFilter(filter driver.Filter) []byte {
	requirements := make([]requirement, 0, len(filter))
	for _, r := range filter {
		operator, known := operators[r.Operator]
		expressible := known && isText(r.Key)
		for _, value := range r.Values {
			expressible = expressible && isText(value)
		}
		if expressible {
			// Without values, "in" never holds and "notin" always does; null would be neither.
			requirements = append(requirements, requirement{r.Field, r.Key, operator, append([]string{}, r.Values...), r.HiddenKey, r.HiddenBy})
		}
	}
	encoded, err := json.Marshal(requirements)
	if err != nil {
		panic(err) // Strings always encode.
	}
	return encoded
}
