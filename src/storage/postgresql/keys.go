package postgresql

import (
	"strings"
	"unicode/utf8"

	"ark.ai/apiserver/src/storage/driver"
)

// isText reports whether PostgreSQL's text can hold s.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// keyRange is the range [from, end) of the query's keys, as far as it can be told in PostgreSQL's
// text.
func keyRange(prefix, start string) (from, end string) {
	if !isText(prefix) {
		return "", "" // no key begins like that
	}
	// Kubernetes continues a list at the last key with a zero byte behind it. Nothing is between
	// that and 1.
	if head, _, found := strings.Cut(start, "\x00"); found {
		start = head + "\x01"
	}
	return driver.ListQuery{Prefix: prefix, Start: start}.Range()
}
