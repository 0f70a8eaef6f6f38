package driver

// MaxDepth is how deep a JSON text may be nested that SQL users are shown. SQLite's JSON functions
// read no deeper, and PostgreSQL's some ten times as deep, as its stack has room: one value that is
// deeper would make every query fail that looks at it.
const MaxDepth = 1000

// IsDeep reports whether a JSON text is nested more deeply than that.
func IsDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			if depth++; depth > MaxDepth {
				return true
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return false
}
