package index

import (
	"cmp"
	"context"
	"database/sql"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
)

// maxWays is how many conditions, ranges and words are looked up at most; others are only decided
// on what is found.
const maxWays = 50

// Query is what to look for.
type Query struct {
	// First ≤ key < End.
	First, End string
	// Conditions that are all met.
	Conditions []Condition
	// Words that are all there.
	Words []string
	// Order is that of the result; nil: by key.
	Order *Order
	// Limited says that the caller is likely to stop soon.
	Limited bool
	// Pause is called now and then.
	Pause func(context.Context) error
}

// Condition is met by a value in one of the ranges.
type Condition struct {
	Name   string
	Ranges []Range
}

// Range has the values from First to Last.
type Range struct{ First, Last string }

// Order is that of the values of a name.
type Order struct {
	Name       string
	Descending bool
	// After is what the result begins behind, or a bit before that; nil: the beginning.
	After *Found
}

// Found is a key that may match.
type Found struct {
	Key string
	// Value is what it has of the order's value, if it has one.
	Value    string
	HasValue bool
}

// NewFound is that of a key whose document has, or has not, a value of an order.
func NewFound(key, value string, hasValue bool) *Found {
	return &Found{Key: key, Value: cut(value), HasValue: hasValue}
}

// IsExact reports whether others that compare as equal are so, and come in the order of keys.
func (f Found) IsExact() bool { return len(f.Value) < maxValue }

// Place is where a document is.
func (o *Order) Place(key string, d *Document) Found {
	value, ok := d.Values[o.Name]
	return Found{Key: key, Value: cut(value), HasValue: ok}
}

// Compare tells the order of two: what has no value comes last.
func (o *Order) Compare(a, b Found) int {
	switch {
	case a.HasValue != b.HasValue:
		if a.HasValue {
			return -1
		}
		return 1
	case o.Descending:
		return cmp.Compare(b.Value, a.Value)
	default:
		return cmp.Compare(a.Value, b.Value)
	}
}

// isBefore reports whether one that was found comes no later than the place to begin behind.
func (o *Order) isBefore(f Found) bool {
	if o.After == nil {
		return false
	}
	compared := o.Compare(f, *o.After)
	if compared == 0 && f.IsExact() {
		return f.Key <= o.After.Key
	}
	return compared < 0
}

// View is the index at one revision.
type View struct {
	// Revision of the log that the index has the state of.
	Revision int64
	index    *Index
	tx       *sql.Tx
	closed   sync.Once
}

// View opens a view, which Close gives up. It is nil if there are as many as there may be.
func (x *Index) View(ctx context.Context) (*View, error) {
	select {
	case x.views <- struct{}{}:
	default:
		return nil, nil
	}
	tx, err := x.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		<-x.views
		return nil, failed(err)
	}
	v := &View{index: x, tx: tx}
	if err := tx.QueryRowContext(ctx, `SELECT revision FROM state`).Scan(&v.Revision); err != nil {
		v.Close()
		return nil, failed(err)
	}
	return v, nil
}

// Close gives the view up. Closing again does nothing.
func (v *View) Close() {
	v.closed.Do(func() {
		_ = v.tx.Rollback()
		<-v.index.views
	})
}

func (q *Query) pause(ctx context.Context) error {
	if q.Pause == nil {
		return nil
	}
	return q.Pause(ctx)
}

// Unknown are the keys of which nothing is known.
func (v *View) Unknown(ctx context.Context) (keys []string, err error) {
	rows, err := v.tx.QueryContext(ctx, `SELECT key FROM unknown`)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, failed(err)
		}
		keys = append(keys, key)
	}
	return keys, failed(rows.Err())
}

// way is one of finding documents.
type way struct {
	count     int
	condition string // on the number of documents
	args      []any
}

// Find returns all that may match, in order, or ok false if to look at all keys is as good.
func (v *View) Find(ctx context.Context, query Query) (found iter.Seq2[Found, error], ok bool, err error) {
	conditions := v.index.resolve(query.Conditions)
	rarest, err := v.rarest(ctx, &query, conditions)
	if err != nil {
		return nil, false, failed(err)
	}
	m := &matcher{query: &query, conditions: conditions}
	if query.Order != nil {
		m.order = v.index.number(query.Order.Name, false)
	}
	switch {
	case rarest.count < v.index.options.MaxCollected:
		all, err := v.collect(ctx, m, rarest)
		return all, true, err
	case !query.Limited:
		return nil, false, nil
	case query.Order != nil:
		return v.inOrder(ctx, m), true, nil
	default:
		return v.byKey(ctx, m, query.First), true, nil
	}
}

// rarest counts what each condition leaves, up to the most that is collected, and returns that
// which leaves least.
func (v *View) rarest(ctx context.Context, query *Query, conditions []numbered) (way, error) {
	ways := []way{{condition: `SELECT number FROM documents WHERE key >= ? AND key < ?`, args: []any{query.First, query.End}}}
	for _, c := range conditions[:min(len(conditions), maxWays)] {
		if len(c.ranges) > maxWays {
			continue
		}
		w := way{}
		for i, r := range c.ranges {
			if i > 0 {
				w.condition += " UNION ALL "
			}
			w.condition += `SELECT number FROM terms WHERE name = ? AND value >= ? AND value <= ?`
			w.args = append(w.args, c.name, r[0], r[1])
		}
		ways = append(ways, w)
	}
	if len(query.Words) > 0 {
		words := query.Words[:min(len(query.Words), maxWays)]
		ways = append(ways, way{condition: `SELECT rowid AS number FROM words WHERE words MATCH ?`, args: []any{match(words)}})
	}
	best := way{count: math.MaxInt}
	for _, w := range ways {
		if err := query.pause(ctx); err != nil {
			return way{}, err
		}
		// What is no better than another one needs not be counted to the end.
		limit := min(v.index.options.MaxCollected, best.count)
		count := `SELECT count(*) FROM (SELECT 1 FROM (` + w.condition + `) LIMIT ?)`
		if err := v.tx.QueryRowContext(ctx, count, append(slices.Clone(w.args), limit)...).Scan(&w.count); err != nil {
			return way{}, err
		}
		if w.count < best.count {
			best = w
		}
	}
	return best, nil
}

// match is the full-text index's expression for all of the words.
func match(words []string) string {
	tokens := make([]string, len(words))
	for i, word := range words {
		tokens[i] = `"` + token(word) + `"`
	}
	return strings.Join(tokens, " AND ")
}

// collect returns all that one way finds and the other conditions leave, in order.
func (v *View) collect(ctx context.Context, m *matcher, w way) (iter.Seq2[Found, error], error) {
	var all []Found
	order := m.query.Order
	statement := `SELECT d.key, d.terms FROM (` + w.condition + `) found CROSS JOIN documents d ON d.number = found.number`
	for found, err := range v.stream(ctx, m, statement, w.args...) {
		if err != nil {
			return nil, err
		}
		if order == nil || !order.isBefore(found) {
			all = append(all, found)
		}
	}
	slices.SortFunc(all, func(a, b Found) int {
		if order != nil {
			return cmp.Or(order.Compare(a, b), strings.Compare(a.Key, b.Key))
		}
		return strings.Compare(a.Key, b.Key)
	})
	// Ranges may overlap.
	all = slices.CompactFunc(all, func(a, b Found) bool { return a.Key == b.Key })
	v.Close() // It is not needed any more, while the caller goes on for long.
	return func(yield func(Found, error) bool) {
		for _, found := range all {
			if !yield(found, nil) {
				return
			}
		}
	}, nil
}

// byKey finds documents by their keys, from one on.
func (v *View) byKey(ctx context.Context, m *matcher, first string) iter.Seq2[Found, error] {
	return v.stream(ctx, m, `SELECT key, terms FROM documents WHERE key >= ? AND key < ? ORDER BY key`, max(first, m.query.First), m.query.End)
}

// stream returns what matches of the rows of a statement.
func (v *View) stream(ctx context.Context, m *matcher, statement string, args ...any) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		rows, err := v.tx.QueryContext(ctx, statement, args...)
		if err != nil {
			yield(Found{}, failed(err))
			return
		}
		defer rows.Close()
		var key, terms sql.RawBytes
		for rows.Next() {
			if err := rows.Scan(&key, &terms); err != nil {
				yield(Found{}, failed(err))
				return
			}
			if err := m.query.pause(ctx); err != nil {
				yield(Found{}, failed(err))
				return
			}
			if found, ok := m.match(key, terms); ok && !yield(found, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Found{}, failed(err))
		}
	}
}
