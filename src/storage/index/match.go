package index

import "bytes"

// numbered is a condition with the number of its name.
type numbered struct {
	name   int64
	ranges [][2][]byte
}

func (x *Index) resolve(conditions []Condition) []numbered {
	resolved := make([]numbered, 0, len(conditions))
	for _, c := range conditions {
		n := numbered{name: x.number(c.Name, false)}
		for _, r := range c.Ranges {
			n.ranges = append(n.ranges, [2][]byte{[]byte(cut(r.First)), []byte(cut(r.Last))})
		}
		resolved = append(resolved, n)
	}
	return resolved
}

// matcher decides on documents.
type matcher struct {
	query      *Query
	conditions []numbered
	order      int64 // the number of its name
}

func (m *matcher) match(key, terms []byte) (found Found, ok bool) {
	if string(key) < m.query.First || string(key) >= m.query.End {
		return Found{}, false
	}
	met := 0
	eachTerm(terms, func(name int64, value []byte) bool {
		if m.query.Order != nil && name == m.order {
			found.Value, found.HasValue = string(value), true
		}
		for i := range m.conditions {
			if c := &m.conditions[i]; c.name == name {
				if !c.holds(value) {
					met = -1
					return false
				}
				met++
			}
		}
		return true
	})
	found.Key = string(key)
	return found, met == len(m.conditions)
}

func (c *numbered) holds(value []byte) bool {
	for _, r := range c.ranges {
		if bytes.Compare(value, r[0]) >= 0 && bytes.Compare(value, r[1]) <= 0 {
			return true
		}
	}
	return false
}
