package driver

import "unicode/utf8"

// behindAllKeys sorts behind every key: the largest code point is no character.
const behindAllKeys = "\U0010FFFF"

// Range is where the query's keys are: from start on, below end. Keys are text in the byte order of
// UTF-8, which is that of code points.
func (q ListQuery) Range() (start, end string) {
	return max(q.Start, q.Prefix), prefixEnd(q.Prefix)
}

// prefixEnd is the smallest text above all that starts with prefix: its last code point raised.
func prefixEnd(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch last {
		case utf8.MaxRune:
			// It can't be raised; the code point before it can.
		case '\uD7FF':
			return prefix + "\uE000" // what is between are surrogates, which are no text
		default:
			return prefix + string(last+1)
		}
	}
	return behindAllKeys
}

// Page is the answer from the records in Range, of which one more than Limit was read if there is a
// limit, and the number of keys from the first one on, if the query asked to count. current is the
// revision of the snapshot if the query names none.
func (q ListQuery) Page(records []Record, keys, current int64) Page {
	page := Page{Records: records, Revision: current, Remaining: keys}
	if q.Revision != 0 {
		page.Revision = q.Revision
	}
	if q.Limit > 0 && len(records) > q.Limit {
		page.Records, page.More = records[:q.Limit], true
	}
	if q.Count {
		page.Remaining -= int64(len(page.Records))
	}
	return page
}
