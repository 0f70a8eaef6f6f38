package oracle_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// difference is a place where the two answers to a request differ.
type difference struct {
	// Request as it was recorded.
	Request string `json:"request"`
	// At is the place: "header.Warning", "body.spec.prompt", "events[2].type". If the answers have
	// different status codes it is "answer", and Ours and Oracle are the codes and messages.
	At string `json:"at"`
	// Ours and Oracle are the values there, as JSON, or "absent".
	Ours   string `json:"ours"`
	Oracle string `json:"oracle"`
	// Beside are the places of all differences in the same answer.
	Beside []string `json:"-"`
}

func (d difference) String() string {
	return fmt.Sprintf("%s\n    %s\n    ours:   %s\n    oracle: %s", d.Request, d.At, d.Ours, d.Oracle)
}

// absent stands for a value that is not there.
type absent struct{}

// hangUp is the status of an answer that did not come. Two of them are not the same.
const hangUp = -1

// differences compares two normal answers to a request.
func differences(request string, ours, oracle any) []difference {
	a, b := ours.(map[string]any), oracle.(map[string]any)
	if a["status"] != b["status"] || a["status"] == strconv.Itoa(hangUp) {
		return []difference{{Request: request, At: "answer", Ours: headline(a), Oracle: headline(b)}}
	}
	var found []difference
	walk("", a, b, func(at string, ours, oracle any) {
		found = append(found, difference{Request: request, At: at, Ours: textOf(ours), Oracle: textOf(oracle)})
	})
	var places []string
	for _, d := range found {
		places = append(places, d.At)
	}
	for i := range found {
		found[i].Beside = places
	}
	return found
}

// walk reports where two values differ, as deep as possible.
func walk(at string, ours, oracle any, report func(at string, ours, oracle any)) {
	switch a := ours.(type) {
	case map[string]any:
		b, ok := oracle.(map[string]any)
		if !ok {
			break
		}
		all := maps.Clone(a)
		maps.Copy(all, b)
		for _, key := range sortedKeys(all) {
			walk(join(at, key), valueAt(a, key), valueAt(b, key), report)
		}
		return
	case []any:
		b, ok := oracle.([]any)
		if !ok || len(a) != len(b) {
			break
		}
		for i := range a {
			walk(fmt.Sprintf("%s[%d]", at, i), a[i], b[i], report)
		}
		return
	}
	if !reflect.DeepEqual(ours, oracle) {
		report(at, ours, oracle)
	}
}

func valueAt(object map[string]any, key string) any {
	if value, ok := object[key]; ok {
		return value
	}
	return absent{}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }

// headline is the status code of an answer and what a failure says.
func headline(answer map[string]any) string {
	body, ok := answer["body"].(map[string]any)
	if !ok || body["kind"] != "Status" {
		return fmt.Sprint(answer["status"])
	}
	text := fmt.Sprintf("%v %v: %v", answer["status"], body["reason"], strings.ReplaceAll(fmt.Sprint(body["message"]), "\n", " "))
	if details, ok := body["details"].(map[string]any); ok && details["causes"] != nil {
		text += " " + textOf(details["causes"])
	}
	return text
}

// textOf is a value as JSON.
func textOf(value any) string {
	if value == any(absent{}) {
		return "absent"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
