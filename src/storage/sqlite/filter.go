package sqlite

import (
	"strings"

	"ark.ai/apiserver/src/storage/driver"
)

// condition is the text of a condition on the log row l, with its arguments.
type condition struct {
	text      strings.Builder
	arguments []any
}

// filter is the condition for all requirements, to be put behind another.
func filter(f driver.Filter) (text string, arguments []any) {
	var c condition
	for _, r := range f {
		// SQLite's paths can't name a key with these: the caller decides.
		if !strings.ContainsAny(r.Key, "\"\\") {
			c.require(r)
		}
	}
	return c.text.String(), c.arguments
}

// require adds a requirement. An absent attribute is NULL: a label is then known not to be there,
// unless another key has hidden it; a field is unknown and meets every requirement.
func (c *condition) require(r driver.Requirement) {
	column, names := "l.labels ->> ?", []string{r.Key}
	if r.Field {
		column = "l.fields ->> ?"
	}
	if r.HiddenKey != "" {
		column, names = "coalesce("+column+", "+column+")", append(names, r.HiddenKey)
	}
	unset := r.Field || r.Operator == driver.NotIn || r.Operator == driver.NotExists
	c.text.WriteString(" AND (FALSE")
	if unset {
		c.or(column+" IS NULL", names...)
	}
	switch r.Operator {
	case driver.In, driver.NotIn:
		not := map[driver.Operator]string{driver.NotIn: " NOT"}[r.Operator]
		set := strings.TrimSuffix(strings.Repeat("?,", len(r.Values)), ",")
		c.or(column+not+" IN ("+set+")", append(names, r.Values...)...)
	case driver.Exists:
		c.or(column+" IS NOT NULL", names...)
	}
	if !unset {
		c.or("l.labels ->> ? <> ?", driver.HiddenLabel, r.HiddenBy)
	}
	c.text.WriteString(")")
}

func (c *condition) or(text string, arguments ...string) {
	c.text.WriteString(" OR " + text)
	for _, a := range arguments {
		c.arguments = append(c.arguments, a)
	}
}
