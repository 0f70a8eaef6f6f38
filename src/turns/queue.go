package turns

import (
	"cmp"
	"slices"
)

// queue has those that wait, by user.
type queue struct {
	// users have somebody waiting. The first one is next.
	users []*user
}

type user struct {
	name string
	// brief have not worked for long yet, in the order in which they came here; lengthy have, in
	// the order in which they arrived at first.
	brief, lengthy []*Turn
	wasBrief       bool // that was chosen last
}

func (q *queue) empty() bool { return len(q.users) == 0 }

func (q *queue) find(name string) int {
	return slices.IndexFunc(q.users, func(u *user) bool { return u.name == name })
}

func (q *queue) add(turn *Turn) {
	at := q.find(turn.user)
	if at < 0 {
		at = len(q.users)
		q.users = append(q.users, &user{name: turn.user})
	}
	u := q.users[at]
	if turn.interrupted { // It is still its turn, and what it has read is kept meanwhile.
		u.brief, u.wasBrief = slices.Insert(u.brief, 0, turn), false
		q.users = slices.Insert(slices.Delete(q.users, at, at+1), 0, u)
		return
	}
	if turn.worked < briefly {
		u.brief = append(u.brief, turn)
		return
	}
	place, _ := slices.BinarySearchFunc(u.lengthy, turn, func(a, b *Turn) int { return cmp.Compare(a.arrival, b.arrival) })
	u.lengthy = slices.Insert(u.lengthy, place, turn)
}

// take removes the one whose turn it is. There is one.
func (q *queue) take() *Turn {
	u := q.users[0]
	q.users = q.users[1:]
	from := &u.brief
	if len(u.brief) == 0 || u.wasBrief && len(u.lengthy) > 0 {
		from = &u.lengthy
	}
	u.wasBrief = from == &u.brief
	turn := (*from)[0]
	*from = (*from)[1:]
	if len(u.brief)+len(u.lengthy) > 0 {
		q.users = append(q.users, u)
	}
	return turn
}

// remove forgets one that waits.
func (q *queue) remove(turn *Turn) {
	at := q.find(turn.user)
	u := q.users[at]
	is := func(other *Turn) bool { return other == turn }
	u.brief, u.lengthy = slices.DeleteFunc(u.brief, is), slices.DeleteFunc(u.lengthy, is)
	if len(u.brief)+len(u.lengthy) == 0 {
		q.users = slices.Delete(q.users, at, at+1)
	}
}
