package index

import (
	"context"
	"database/sql"
	"iter"
	"slices"
	"strings"
)

// largestGroups is how many groups of documents with one value there can be that are looked for
// among all documents: of fewer than one in so many, all are collected and sorted.
const largestGroups = 8

// inOrder finds documents by the value that orders them, those with the same one by their keys, and
// then those that have none.
func (v *View) inOrder(ctx context.Context, m *matcher) iter.Seq2[Found, error] {
	order := m.query.Order
	return func(yield func(Found, error) bool) {
		r := &ordering{View: v, matcher: m, yield: yield}
		first := ""
		if order.After == nil || order.After.HasValue {
			if !r.valued(ctx) {
				return
			}
		} else {
			first = order.After.Key
		}
		r.byKey(ctx, first, func(found Found) bool { return !found.HasValue })
	}
}

// ordering finds documents in an order, and yields them.
type ordering struct {
	*View
	*matcher
	yield func(Found, error) bool
}

// valued yields documents that have a value. Like the others, it returns false when it has been the
// last time.
func (r *ordering) valued(ctx context.Context) (again bool) {
	var largest int
	if err := r.tx.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM documents`).Scan(&largest); err != nil {
		return r.fail(err)
	}
	// The value to go on from, or behind.
	from, operator := []byte{}, ">="
	order, descending := r.query.Order, r.query.Order.Descending
	switch {
	case order.After != nil:
		from = []byte(order.After.Value)
	case descending:
		from = []byte(LastValue)
	}
	for {
		group, again := r.groups(ctx, from, operator, max(1, largest/r.index.largestGroups))
		if !again || group == nil {
			return again
		}
		first := ""
		if after := order.After; after != nil && after.IsExact() && after.Value == string(group) {
			first = after.Key
		}
		if !r.byKey(ctx, first, func(found Found) bool { return found.HasValue && found.Value == string(group) }) {
			return false
		}
		from, operator = group, ">"
	}
}

// groups yields documents from a value on, group by group, up to a group of more than a number.
func (r *ordering) groups(ctx context.Context, from []byte, operator string, most int) (tooLarge []byte, again bool) {
	direction := ""
	if r.query.Order.Descending {
		direction, operator = " DESC", strings.Replace(operator, ">", "<", 1)
	}
	rows, err := r.tx.QueryContext(ctx, `SELECT t.value, d.key, d.terms FROM terms t CROSS JOIN documents d ON d.number = t.number
		WHERE t.name = ? AND t.value `+operator+` ? ORDER BY t.value`+direction, r.order, from)
	if err != nil {
		return nil, r.fail(err)
	}
	defer rows.Close()
	var value []byte
	var group []Found
	size := 0
	var next, key, terms sql.RawBytes
	for rows.Next() {
		if err := r.query.pause(ctx); err != nil {
			return nil, r.fail(err)
		}
		if err := rows.Scan(&next, &key, &terms); err != nil {
			return nil, r.fail(err)
		}
		if size > 0 && string(value) != string(next) {
			if !r.yieldAll(group) {
				return nil, false
			}
			group, size = group[:0], 0
		}
		value = append(value[:0], next...)
		if size++; size > most {
			return value, true
		}
		if found, ok := r.match(key, terms); ok {
			group = append(group, found)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, r.fail(err)
	}
	return nil, r.yieldAll(group)
}

// yieldAll yields documents with the same value.
func (r *ordering) yieldAll(group []Found) (again bool) {
	slices.SortFunc(group, func(a, b Found) int { return strings.Compare(a.Key, b.Key) })
	for _, found := range group {
		if !r.query.Order.isBefore(found) && !r.yield(found, nil) {
			return false
		}
	}
	return true
}

// byKey yields those documents among all that are wanted.
func (r *ordering) byKey(ctx context.Context, first string, wanted func(Found) bool) (again bool) {
	for found, err := range r.View.byKey(ctx, r.matcher, first) {
		if err != nil {
			return r.fail(err)
		}
		if wanted(found) && !r.query.Order.isBefore(found) && !r.yield(found, nil) {
			return false
		}
	}
	return true
}

func (r *ordering) fail(err error) (again bool) {
	r.yield(Found{}, failed(err))
	return false
}
