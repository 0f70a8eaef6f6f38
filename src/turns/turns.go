package turns

import (
	"context"
	"runtime"
	"sync"
	"time"

	"k8s.io/apiserver/pkg/endpoints/request"
)

// Kind says what the work is for.
type Kind int

const (
	// Request is work that ends.
	Request Kind = iota
	// Follow is work that changes cause.
	Follow
	kinds
)

const (
	// rude is for how long work keeps its processor from what else could run on it, or precedes:
	// with that it takes what others leave. To let them costs far less.
	rude = 100 * time.Microsecond
	// slice is for how long a turn lasts if others wait.
	slice = 5 * time.Millisecond
	// besides is what a request costs besides its turn: to be authenticated, and answered.
	besides = time.Millisecond
	// briefly is for how long a request has worked at most that does not wait for longer ones of
	// its user: those are served one after the other, so that under load some end instead of none.
	briefly = 50 * time.Millisecond
)

// Process has the turns of this process: all of them share its processors.
var Process = New(func() int { return runtime.GOMAXPROCS(0) / 2 })

// UserOf is the name of a request's user.
func UserOf(ctx context.Context) string {
	if user, found := request.UserFrom(ctx); found {
		return user.GetName()
	}
	return ""
}

// Turns are a number of turns that may be had at a time.
type Turns struct {
	size func() int
	now  func() time.Time

	mu sync.Mutex
	// working have a turn. Those that read have none meanwhile, but keep other requests from one.
	working, reading int
	waiting          [kinds]queue
	last             Kind // that was chosen
	arrivals         int

	preceding preceding
}

// New returns turns of which size may be had at a time, but at least one.
func New(size func() int) *Turns {
	return &Turns{size: size, now: time.Now, preceding: preceding{bursts: newBursts()}}
}

// number is how many turns there are at a time.
func (t *Turns) number() int { return max(1, t.size()) }

// Turn is held by one goroutine. Nil is that of work which needs none.
type Turn struct {
	turns *Turns
	kind  Kind
	user  string
	// arrival is its place among those of its kind.
	arrival int
	held    bool
	// interrupted says that it waits to go on after a read.
	interrupted bool
	began       time.Time
	yielded     time.Time     // to what else could run
	worked      time.Duration // before that
	ready       chan struct{} // closed when a turn that waits has begun
}

// Take waits for a turn until ctx ends. The caller ends it, whatever is done with it meanwhile.
func (t *Turns) Take(ctx context.Context, kind Kind, user string) (*Turn, error) {
	t.mu.Lock()
	t.arrivals++
	turn := &Turn{turns: t, kind: kind, user: user, arrival: t.arrivals}
	return turn, turn.wait(ctx)
}

// Pause lets others have their turn, if this one has lasted for long, and waits for the next. With
// an error there is none.
func (turn *Turn) Pause(ctx context.Context) error {
	if turn == nil {
		return nil
	}
	if now := turn.turns.now(); turn.held && now.Sub(turn.began) < slice {
		if worked := now.Sub(turn.yielded); worked >= rude {
			runtime.Gosched()
			turn.makeWay(ctx, worked)
			turn.yielded = turn.turns.now()
		}
		return nil
	}
	t := turn.turns
	t.mu.Lock()
	turn.giveBack()
	return turn.wait(ctx)
}

// Read runs what waits for a database, at which as many requests are at a time as have turns. No
// watch waits for that. The database may be in this process: the context that read gets has a pace.
func (turn *Turn) Read(ctx context.Context, read func(context.Context) error) error {
	if turn == nil {
		return read(ctx)
	}
	if err := turn.Pause(ctx); err != nil {
		return err
	}
	t := turn.turns
	t.mu.Lock()
	turn.giveBack()
	t.reading++
	t.next()
	t.mu.Unlock()
	pace := t.newPace(patience)
	err := read(WithPace(ctx, pace))
	worked, lately := pace.Worked()
	t.mu.Lock()
	t.reading--
	turn.worked += worked
	turn.interrupted = true
	if waited := turn.wait(ctx); err == nil {
		err = waited
	}
	if lately >= rude && err == nil {
		turn.makeWay(ctx, lately)
	}
	return err
}

// Worked is for how long there was a turn, or a read.
func (turn *Turn) Worked() time.Duration {
	if turn.held {
		return turn.worked + turn.turns.now().Sub(turn.began)
	}
	return turn.worked
}

// End gives the turn back, until Pause or Read take another. Ending again does nothing. After that
// of a request the next one begins when way has been made for what the request costs besides.
func (turn *Turn) End() {
	if turn == nil {
		return
	}
	t := turn.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	if turn.held && turn.kind == Request {
		if until, precedes := t.precedes(Request, besides); precedes {
			t.working++
			go func() {
				await(context.Background(), until, patience*besides)
				t.mu.Lock()
				defer t.mu.Unlock()
				t.working--
				t.next()
			}()
		}
	}
	turn.giveBack()
	t.next()
}

// giveBack makes room for another turn; t.mu is held.
func (turn *Turn) giveBack() {
	if turn.held {
		turn.turns.working--
		turn.held = false
		turn.worked += turn.turns.now().Sub(turn.began)
	}
}

// wait waits for the turn among others; t.mu is held, and then no longer.
func (turn *Turn) wait(ctx context.Context) error {
	t := turn.turns
	turn.ready = make(chan struct{})
	t.waiting[turn.kind].add(turn)
	t.next()
	t.mu.Unlock()
	select {
	case <-turn.ready: // even if ctx has ended: the caller finds out by itself
		return nil
	default:
	}
	select {
	case <-turn.ready:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if turn.held {
		turn.giveBack()
		t.next()
	} else {
		t.waiting[turn.kind].remove(turn)
		t.next()
	}
	return ctx.Err()
}

// next begins the turns that there is room for; t.mu is held.
func (t *Turns) next() {
	size := t.number()
	for t.working < size {
		kind := (t.last + 1) % kinds
		if !t.mayBegin(kind, size) {
			kind = t.last
		}
		if !t.mayBegin(kind, size) {
			return
		}
		t.last = kind
		turn := t.waiting[kind].take()
		t.working++
		now := t.now()
		turn.held, turn.interrupted, turn.began, turn.yielded = true, false, now, now
		close(turn.ready)
	}
}

func (t *Turns) mayBegin(kind Kind, size int) bool {
	return !t.waiting[kind].empty() && (kind == Follow || t.working+t.reading < size)
}
