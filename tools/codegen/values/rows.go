package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// schema is what a value may be, as far as the table tells.
type schema struct {
	Properties       map[string]schema
	Enum             []string
	Minimum, Maximum *int
}

// row is a line of the table, in Markdown.
type row struct {
	Path, Default, Takes, Comment string
}

// describe returns the rows of a mapping: one for each value that the schema does not take apart,
// and one for each mapping that has a comment.
func describe(path string, mapping *yaml.Node, described schema) ([]row, error) {
	var rows []row
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		takes, known := described.Properties[key.Value]
		if !known {
			return nil, fmt.Errorf("the schema has no %s%s", path, key.Value)
		}
		made := row{Path: code(path + key.Value), Takes: takes.String(), Comment: prose(key.HeadComment)}
		if len(takes.Properties) > 0 && len(value.Content) > 0 {
			if made.Comment != "" {
				rows = append(rows, made)
			}
			nested, err := describe(path+key.Value+".", value, takes)
			if err != nil {
				return nil, err
			}
			rows = append(rows, nested...)
			continue
		}
		var byDefault any
		if err := value.Decode(&byDefault); err != nil {
			return nil, err
		}
		text, err := json.Marshal(byDefault)
		if err != nil {
			return nil, err
		}
		made.Default = code(string(text))
		rows = append(rows, made)
	}
	return rows, nil
}

// String is what the schema says of a number or a choice.
func (s schema) String() string {
	switch {
	case s.Enum != nil:
		words := make([]string, len(s.Enum))
		for i, word := range s.Enum {
			if word == "" {
				word = `""`
			}
			words[i] = code(word)
		}
		return strings.Join(words, ", ")
	case s.Minimum != nil && s.Maximum != nil:
		return fmt.Sprintf("%d to %d", *s.Minimum, *s.Maximum)
	case s.Minimum != nil:
		return fmt.Sprintf("at least %d", *s.Minimum)
	case s.Maximum != nil:
		return fmt.Sprintf("at most %d", *s.Maximum)
	}
	return ""
}

func code(text string) string { return "`" + escape(text) + "`" }

// prose is a comment as one line.
func prose(comment string) string {
	lines := strings.Split(comment, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(strings.TrimPrefix(line, "#"))
	}
	return escape(strings.ReplaceAll(strings.TrimSpace(strings.Join(lines, " ")), "*", `\*`))
}

func escape(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
