package turns

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func two() int { return 2 }

// scene has one turn at a time, and a clock that only work moves.
type scene struct {
	*testing.T
	*Turns
	clock atomic.Int64
	all   sync.WaitGroup
}

func newScene(t *testing.T) *scene {
	s := &scene{T: t, Turns: New(func() int { return 1 })}
	s.now = func() time.Time { return time.Unix(0, s.clock.Load()) }
	return s
}

func (s *scene) passed() time.Duration { return time.Duration(s.clock.Load()) }

// work takes a turn and keeps it busy for a time, in steps of a millisecond.
func (s *scene) work(ctx context.Context, kind Kind, user string, lasting time.Duration) error {
	turn, err := s.Take(ctx, kind, user)
	if err != nil {
		return err
	}
	defer turn.End()
	for range lasting / time.Millisecond {
		s.clock.Add(int64(time.Millisecond))
		if err := turn.Pause(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// crowd is a number of users' work that lasts until the test ends.
func (s *scene) crowd(number int, kind Kind, user func(int) string) {
	ctx, cancel := context.WithCancel(s.Context())
	s.Cleanup(func() {
		cancel()
		s.all.Wait()
	})
	for i := range number {
		s.all.Go(func() { _ = s.work(ctx, kind, user(i), 1000*time.Hour) })
	}
	s.await(func() bool { return s.waiting[kind].len() == number-1 })
}

// await waits until something is so, with the lock held.
func (s *scene) await(isSo func() bool) {
	s.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		so := isSo()
		s.mu.Unlock()
		if so {
			return
		}
		if time.Now().After(deadline) {
			s.Fatal("it does not come to that")
		}
	}
}

func (q *queue) len() (n int) {
	for _, u := range q.users {
		n += len(u.brief) + len(u.lengthy)
	}
	return n
}

func mallory(int) string { return "mallory" }

// TestSize: however many want to, no more work at a time than may, and each gets its work done.
func TestSize(t *testing.T) {
	t.Parallel()
	turns := New(two)
	var working, most, done atomic.Int64
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			turn, err := turns.Take(t.Context(), Kind(i%2), fmt.Sprint("user-", i%7))
			if err != nil {
				t.Error(err)
				return
			}
			defer turn.End()
			for range 20 {
				now := working.Add(1)
				for before := most.Load(); now > before && !most.CompareAndSwap(before, now); before = most.Load() {
				}
				time.Sleep(time.Millisecond)
				working.Add(-1)
				if err := turn.Pause(t.Context()); err != nil {
					t.Error(err)
				}
			}
			done.Add(1)
		})
	}
	all.Wait()
	if most.Load() != 2 || done.Load() != 100 {
		t.Errorf("%d worked at a time, %d finished; want 2 and 100", most.Load(), done.Load())
	}
	if turns.working != 0 || turns.reading != 0 || !turns.waiting[Request].empty() || !turns.waiting[Follow].empty() {
		t.Errorf("all are done, but there are %+v", turns)
	}
}

// TestOthersPass: a short request waits for one turn of another user's long ones, and for a few of
// its own, however many there are; so does what follows changes.
func TestOthersPass(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind Kind
		user string
		most time.Duration
	}{
		"another user":       {Request, "alice", 2 * slice},
		"a watch":            {Follow, "mallory", 2 * slice},
		"the user's own":     {Request, "mallory", 4 * slice},
		"a watch of another": {Follow, "alice", 2 * slice},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.crowd(100, Request, mallory)
			// By then all have worked for more than briefly.
			s.await(func() bool {
				return s.passed() > 101*briefly && s.waiting[Request].len() == 99 && len(s.waiting[Request].users[0].brief) == 0
			})
			// The clock goes on while this goroutine does not run: who was before it counts.
			turn := s.queued(test.kind, test.user)
			if waited := turn.began.Sub(turn.asked); waited > test.most {
				t.Errorf("it waited for %s, want at most %s", waited, test.most)
			}
		})
	}
}

// asked is a turn, and when it was asked for.
type asked struct {
	began, asked time.Time
}

// queued waits for a turn, of which it tells when it was asked for and began.
func (s *scene) queued(kind Kind, user string) asked {
	s.Helper()
	s.mu.Lock()
	a := asked{asked: s.now()}
	s.arrivals++
	turn := &Turn{turns: s.Turns, kind: kind, user: user, arrival: s.arrivals}
	if err := turn.wait(s.Context()); err != nil {
		s.Fatal(err)
	}
	defer turn.End()
	a.began = turn.began
	return a
}

// TestLongOnesEnd: of the long requests of a user some are done while others wait, instead of none.
func TestLongOnesEnd(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	var done atomic.Int64
	for range 100 {
		s.all.Go(func() {
			if s.work(ctx, Request, "mallory", 2*time.Second) == nil {
				done.Add(1)
			}
		})
	}
	s.await(func() bool { return s.passed() > time.Minute })
	cancel()
	s.all.Wait()
	// 100 * briefly are for beginning all.
	if done.Load() < 20 {
		t.Errorf("%d are done, after a time for 30", done.Load())
	}
}

// TestRequestsAreNotStarved: neither do watches starve requests.
func TestRequestsAreNotStarved(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.crowd(100, Follow, func(i int) string { return fmt.Sprint(i) })
	for range 20 {
		if a := s.queued(Request, "alice"); a.began.Sub(a.asked) > 2*slice {
			t.Errorf("a request waited for %s, want at most %s", a.began.Sub(a.asked), 2*slice)
		}
	}
}

// TestRead: while a database does not answer, watches have turns, and other requests none, as they
// would ask it too. Who has read goes on before others.
func TestRead(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	answer, order := make(chan struct{}), make(chan string, 3)
	reading := func() bool { return s.reading == 1 }
	s.all.Go(func() {
		turn, _ := s.Take(t.Context(), Request, "a")
		defer turn.End()
		err := turn.Read(t.Context(), func(context.Context) error { <-answer; return errors.New("broken") })
		order <- err.Error()
	})
	s.await(reading)
	s.all.Go(func() {
		turn, _ := s.Take(t.Context(), Request, "b")
		defer turn.End()
		order <- "request"
	})
	s.await(func() bool { return s.waiting[Request].len() == 1 })
	if err := s.work(t.Context(), Follow, "c", time.Second); err != nil {
		t.Fatal(err)
	}
	order <- "watch"
	close(answer)
	s.all.Wait()
	close(order)
	if got, want := slices.Collect(each(order)), []string{"watch", "broken", "request"}; !slices.Equal(got, want) {
		t.Errorf("the order is %q, want %q", got, want)
	}
}

func each(c chan string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for text := range c {
			if !yield(text) {
				return
			}
		}
	}
}

// TestNobodyWaitsForEver: who does not get a turn in time has none, and leaves none to be waited
// for.
func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	held, err := s.Take(t.Context(), Request, "a")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	for _, user := range []string{"a", "b"} {
		late, err := s.Take(ctx, Request, user)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a turn that is not to be had: %v", err)
		}
		late.End()
	}
	// It may be taken again, after somebody else.
	held.End()
	held.End()
	if err := s.work(t.Context(), Request, "b", time.Second); err != nil {
		t.Error(err)
	}
	if err := held.Pause(t.Context()); err != nil {
		t.Error(err)
	}
	held.End()
	if s.working != 0 || !s.waiting[Request].empty() {
		t.Errorf("nobody works, but there are %+v", s.Turns)
	}
}

// TestNone: work that needs no turn is not held up.
func TestNone(t *testing.T) {
	t.Parallel()
	var none *Turn
	read := false
	if err := errors.Join(none.Pause(t.Context()), none.Read(t.Context(), func(context.Context) error { read = true; return nil })); err != nil || !read {
		t.Error(read, err)
	}
	none.End()
}

// pauseAfter has a turn that has worked for some time pause.
func (s *scene) pauseAfter(worked time.Duration) {
	s.Helper()
	turn, err := s.Take(s.Context(), Request, "jane")
	if err != nil {
		s.Fatal(err)
	}
	defer turn.End()
	s.clock.Add(int64(worked))
	if err := turn.Pause(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// TestTurnsMakeWay for what precedes, until it ends.
func TestTurnsMakeWay(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.pauseAfter(rude) // nothing precedes
	end := s.Precede()
	var ended atomic.Bool
	time.AfterFunc(precedence/20, func() {
		ended.Store(true)
		end()
	})
	s.pauseAfter(slice - 1) // four times that are more than what precedes takes
	if !ended.Load() {
		t.Error("the turn went on before what precedes had ended")
	}
	end() // once more does nothing
	s.pauseAfter(rude)
}

// whilePrecedes does something while work precedes. It tries again if that fails: a machine that
// stops for a moment has precedence run out before.
func (s *scene) whilePrecedes(do func() error) {
	s.Helper()
	var err error
	for range 100 {
		end := s.Precede()
		err = do()
		end()
		if err == nil {
			return
		}
	}
	s.Error(err)
}

// TestTurnsAreLeftATime: what precedes and does not end keeps turns from working no longer than
// four times what they have worked.
func TestTurnsAreLeftATime(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.whilePrecedes(func() error {
		s.pauseAfter(rude)
		if _, precedes := s.precedes(Follow, rude); !precedes {
			return errors.New("the turn made way until nothing preceded")
		}
		return nil
	})
}

// TestPrecedenceRunsOut however long the work lasts.
func TestPrecedenceRunsOut(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Precede()
	until, precedes := s.precedes(Follow, rude)
	if !precedes {
		t.Fatal("nothing precedes")
	}
	select {
	case <-until:
	case <-time.After(time.Minute):
		t.Error("it precedes for ever")
	}
}

// TestTurnsMakeWayForAsMany as there are other processors.
func TestTurnsMakeWayForAsMany(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.size = two
	for i, want := range []bool{false, true, true} {
		defer s.Precede()()
		if _, precedes := s.precedes(Follow, rude); precedes != want {
			t.Errorf("%d pieces of work precede: %t", i+1, precedes)
		}
	}
}

// TestRequestsExpectMore for a moment after what preceded, once they have had their burst.
func TestRequestsExpectMore(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Precede()()
	if _, precedes := s.precedes(Request, burst); precedes {
		t.Error("there is no burst")
	}
	stopped := time.Now()
	s.Precede()()
	if until, precedes := s.precedes(Request, rude); (!precedes || until != nil) && time.Since(stopped) < lull {
		t.Error("nothing is expected")
	}
	if _, precedes := s.precedes(Follow, rude); precedes {
		t.Error("what follows changes waits for what is only expected")
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, precedes := s.precedes(Request, rude); !precedes {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it is expected for ever")
		}
	}
	s.clock.Add(int64(burstEvery))
	s.Precede()()
	if _, precedes := s.precedes(Request, burst); precedes {
		t.Error("there is no other burst")
	}
}

// TestRequestsPayBesides: while something precedes, the next turn begins later than one ends.
func TestRequestsPayBesides(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.precedes(Request, burst)
	s.whilePrecedes(func() error {
		began := time.Now()
		s.pauseAfter(0)
		s.pauseAfter(0)
		if took := time.Since(began); took < patience*besides {
			return fmt.Errorf("it began after %s", took)
		}
		return nil
	})
}

// TestReadsMakeWay as what they are read for does.
func TestReadsMakeWay(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.precedes(Request, burst)
	turn, err := s.Take(t.Context(), Request, "joe")
	if err != nil {
		t.Fatal(err)
	}
	defer turn.End()
	s.whilePrecedes(func() error {
		began := time.Now()
		if err := turn.Read(t.Context(), func(context.Context) error { s.clock.Add(int64(slice)); return nil }); err != nil {
			return err
		}
		if took := time.Since(began); took < patience*slice {
			return fmt.Errorf("it went on after %s", took)
		}
		return nil
	})
}
