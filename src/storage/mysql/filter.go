package mysql

import (
	"strings"
	"unicode/utf8"

	"ark.ai/apiserver/src/storage/driver"
)

// condition is the text of a condition on the row o, which has labels and fields, with its
// arguments.
type condition struct {
	text strings.Builder
	args []any
}

// filter is the condition for all requirements, to be put behind another. It leaves out what it
// can't express: the caller of List checks again.
func filter(f driver.Filter) (text string, args []any) {
	var c condition
	for _, r := range f {
		if isPath(r.Key) && isPath(r.HiddenKey) {
			c.require(r)
		}
	}
	return c.text.String(), c.args
}

// isPath reports whether a path of JSON can name the key.
func isPath(key string) bool {
	return utf8.ValidString(key) && !strings.ContainsAny(key, "\"\\\x00")
}

// require adds a requirement. An absent attribute is NULL: a label is then known not to be there,
// unless another key has hidden it, or none of the labels are known; a field is unknown and meets
// every requirement.
func (c *condition) require(r driver.Requirement) {
	names := []string{r.Key}
	if r.HiddenKey != "" {
		names = append(names, r.HiddenKey)
	}
	column := "o.labels"
	if r.Field {
		column = "o.fields"
	}
	c.text.WriteString(" AND (FALSE")
	if r.Field || r.Operator == driver.NotIn || r.Operator == driver.NotExists {
		c.or(column, names, " IS NULL")
	}
	switch r.Operator {
	case driver.In, driver.NotIn:
		operator := map[driver.Operator]string{driver.In: " IN (", driver.NotIn: " NOT IN ("}[r.Operator]
		switch {
		case len(r.Values) > 0:
			c.or(column, names, operator+strings.TrimSuffix(strings.Repeat("?,", len(r.Values)), ",")+")", r.Values...)
		case r.Operator == driver.NotIn:
			c.text.WriteString(" OR TRUE")
		}
	case driver.Exists:
		c.or(column, names, " IS NOT NULL")
	}
	if !r.Field && (r.Operator == driver.In || r.Operator == driver.Exists) {
		c.text.WriteString(" OR o.labels IS NULL")
		c.or(column, []string{driver.HiddenLabel}, " <> ?", r.HiddenBy)
	}
	c.text.WriteString(")")
}

// or adds that what is under the first of names that is there compares as it should. Bytes are
// compared: text would be equal to what has further blanks.
func (c *condition) or(column string, names []string, comparison string, values ...string) {
	c.text.WriteString(" OR CAST(COALESCE(")
	for i, name := range names {
		if i > 0 {
			c.text.WriteString(", ")
		}
		c.text.WriteString("JSON_VALUE(" + column + ", ?)")
		c.args = append(c.args, `$."`+name+`"`)
	}
	c.text.WriteString(") AS BINARY)" + comparison)
	for _, value := range values {
		c.args = append(c.args, []byte(value))
	}
}
