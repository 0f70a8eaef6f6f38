package oracle_test

import (
	"fmt"
	"slices"
	"strings"
)

// summarise makes the causes of a refused object comparable field by field: {"spec.name":
// {"FieldValueRequired": "Required value"}}. The message repeats them all, in the same words.
func summarise(status map[string]any) {
	details, ok := status["details"].(map[string]any)
	if !ok {
		return
	}
	causes, ok := details["causes"].([]any)
	if !ok {
		return
	}
	byField := map[string]map[string][]string{}
	for _, c := range causes {
		cause, _ := c.(map[string]any)
		field, reason := fmt.Sprint(cause["field"]), fmt.Sprint(cause["reason"])
		if byField[field] == nil {
			byField[field] = map[string][]string{}
		}
		byField[field][reason] = append(byField[field][reason], fmt.Sprint(cause["message"]))
	}
	details["causes"] = joined(byField)
	if message, ok := status["message"].(string); ok && status["reason"] == "Invalid" {
		head, _, _ := strings.Cut(message, " is invalid: ")
		status["message"] = head + " is invalid"
	}
}

// joined makes one text of the messages of a field and a reason. Custom resources have some causes
// twice.
func joined(byField map[string]map[string][]string) map[string]any {
	result := map[string]any{}
	for field, byReason := range byField {
		reasons := map[string]any{}
		for reason, messages := range byReason {
			slices.Sort(messages)
			reasons[reason] = strings.Join(slices.Compact(messages), "; ")
		}
		result[field] = reasons
	}
	return result
}
