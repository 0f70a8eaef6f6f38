package check

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"ark.ai/apiserver/conformance/faults/record"
)

// change is what a revision is.
type change struct {
	revision int64
	key      string
	// value is what the key has from then on or, if it was deleted, had until then.
	value   string
	deleted bool
	// at is when the first client knew, and source how.
	at     time.Duration
	source string
}

func (c change) String() string {
	what := "is " + c.value
	if c.deleted {
		what = "is deleted, last " + c.value
	}
	return fmt.Sprintf("%s %s at %d", c.key, what, c.revision)
}

// log is what all clients together know.
type log struct {
	// start is the revision that everything is known after.
	start int64
	// initial is what there was of each key before the first operation.
	initial map[string]change
	changes []change // in order of revision
	keys    map[string][]change
	// values has the change that put a value there.
	values map[string]change
	seen   []span
}

// span is a range of revisions, (after, through], in which a watch has shown all that there is.
type span struct{ after, through int64 }

// newLog puts together what everybody says of an era.
func newLog(e era) (*log, []Violation) {
	var violations []Violation
	known := map[int64]change{}
	for _, c := range e.state {
		known[c.revision] = c
	}
	note := func(c change) {
		if c.revision <= e.start {
			return // The state has what is left of it.
		}
		other, twice := known[c.revision]
		if twice && (other.key != c.key || other.value != c.value || other.deleted != c.deleted) {
			violations = append(violations, Violation{Contradiction, c.at, c.key, c.revision,
				fmt.Sprintf("%s according to %s, but %s according to %s", c, c.source, other, other.source)})
		}
		if !twice || c.at < other.at {
			known[c.revision] = c
		}
	}
	for _, o := range e.operations {
		for _, item := range o.Known() {
			note(change{item.Revision, item.Key, item.Value, false, o.Return, fmt.Sprintf("a %s of client %d", o.Verb, o.Client)})
		}
	}
	for _, c := range e.later {
		note(c)
	}
	l := &log{start: e.start, initial: map[string]change{}, keys: map[string][]change{}, values: map[string]change{}}
	for _, c := range e.initial {
		l.initial[c.key] = c
	}
	for _, w := range e.watches {
		for _, e := range w.Events {
			if e.Key != "" {
				note(change{e.Revision, e.Key, e.Value, e.Type == record.Deleted, e.At, w.String()})
			}
		}
		if after, through := extent(w); after < through {
			l.seen = append(l.seen, span{after, through})
		}
	}
	for _, c := range known {
		l.changes = append(l.changes, c)
	}
	slices.SortFunc(l.changes, func(a, b change) int { return cmp.Compare(a.revision, b.revision) })
	for _, c := range l.changes {
		l.keys[c.key] = append(l.keys[c.key], c)
		if c.deleted {
			continue
		}
		if other, twice := l.values[c.value]; twice {
			violations = append(violations, Violation{Contradiction, c.at, c.key, c.revision,
				fmt.Sprintf("%s was written once and took place twice: %s, and %s", c.value, other, c)})
		}
		l.values[c.value] = c
	}
	slices.SortFunc(l.seen, func(a, b span) int { return cmp.Compare(a.after, b.after) })
	return l, violations
}

// extent is the range that a watch has shown completely: up to its last event.
func extent(w record.Watch) (after, through int64) {
	after = w.From
	if w.Initial {
		after = 0
		for _, e := range w.Events {
			if e.Type == record.Began {
				after = e.Revision
				break
			}
		}
		if after == 0 {
			return 0, 0
		}
	}
	for _, e := range w.Events {
		if e.Type != record.Initial {
			through = max(through, e.Revision)
		}
	}
	return after, through
}

// completeTo is up to which revision watches have shown all that there is since the start.
func (l *log) completeTo() int64 {
	through := l.start
	for _, s := range l.seen {
		if s.after > through {
			break
		}
		through = max(through, s.through)
	}
	return through
}

// checkCoverage wants watches to show everything that is known: what they do not show can't be
// judged.
func (l *log) checkCoverage() []Violation {
	complete := l.completeTo()
	rest := l.between(complete, math.MaxInt64-1)
	if len(rest) == 0 {
		return nil
	}
	c := rest[0]
	return []Violation{{Undecided, c.at, c.key, c.revision, fmt.Sprintf("watches show everything up to revision %d only, there is more: %s", complete, c)}}
}

// before is the last change of a key below a revision.
func (l *log) before(key string, revision int64) (change, bool) {
	changes := l.keys[key]
	i, _ := slices.BinarySearchFunc(changes, revision, func(c change, r int64) int { return cmp.Compare(c.revision, r) })
	if i == 0 {
		return change{}, false
	}
	return changes[i-1], true
}

// took is the revision at which a write took place, 0 if nobody knows.
func (l *log) took(o record.Operation) int64 {
	switch {
	case !o.Writes():
		return 0
	case o.Outcome == record.Done:
		return o.Revision
	}
	return l.values[o.Value].revision
}

// state is what there is at a revision.
func (l *log) state(revision int64) map[string]change {
	state := map[string]change{}
	for key := range l.keys {
		if c, ok := l.before(key, revision+1); ok && !c.deleted {
			state[key] = c
		}
	}
	return state
}

// between are the changes in (after, through].
func (l *log) between(after, through int64) []change {
	at := func(revision int64) int {
		i, _ := slices.BinarySearchFunc(l.changes, revision+1, func(c change, r int64) int { return cmp.Compare(c.revision, r) })
		return i
	}
	if through <= after {
		return nil
	}
	return l.changes[at(after):at(through)]
}
