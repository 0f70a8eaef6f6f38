package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Figures are what a check measured or counted.
type Figures struct {
	// Check is its full name.
	Check string
	Rows  []Figure
}

// Figure is one of them, in all columns.
type Figure struct {
	Name string
	// Values are in the order of the report's columns.
	Values []string
}

// Figures are what the checks added to their reports. Objects have a figure for each field, so that
// columns can be compared.
func (c Criterion) Figures() []Figures {
	var all []Figures
	for _, group := range c.Groups {
		for _, check := range group.Checks {
			if rows := check.figures(); len(rows) > 0 {
				all = append(all, Figures{Check: group.Name + " " + check.Name, Rows: rows})
			}
		}
	}
	return all
}

func (c Check) figures() []Figure {
	var rows []Figure
	index := map[string]int{}
	for column, result := range c.Results {
		for _, entry := range result.Entries {
			for _, field := range entry.fields() {
				at, known := index[field.Name]
				if !known {
					at = len(rows)
					index[field.Name] = at
					rows = append(rows, Figure{Name: field.Name, Values: make([]string, len(c.Results))})
				}
				text := &rows[at].Values[column]
				*text = strings.TrimPrefix(*text+"\n"+field.Text, "\n")
			}
		}
	}
	return rows
}

// fields of an entry whose value is an object of plain values. Otherwise it is the entry itself.
func (e Entry) fields() []Entry {
	whole := []Entry{e}
	decoder := json.NewDecoder(bytes.NewReader(e.Value))
	decoder.UseNumber()
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return whole
	}
	// A map would forget the order.
	var fields []Entry
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return whole
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil || value[0] == '{' || value[0] == '[' {
			return whole
		}
		fields = append(fields, Entry{Name: e.Name + ": " + key.(string), Text: plain(value)})
	}
	if len(fields) == 0 {
		return whole
	}
	return fields
}

// plain is a value as people write it: text without quotes, fractions with as many digits as mean
// something.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var number float64
	if json.Unmarshal(value, &number) != nil || number == math.Trunc(number) {
		return string(value)
	}
	if math.Abs(number) >= 100 {
		return strconv.FormatFloat(number, 'f', 0, 64)
	}
	return strconv.FormatFloat(number, 'g', 3, 64)
}
