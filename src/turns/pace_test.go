package turns

import (
	"testing"
	"time"
)

// TestPace: a step waits while something precedes, for as long as the work has worked since it
// waited last.
func TestPace(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	p := s.NewPace()
	steps := func(worked time.Duration) time.Duration {
		s.clock.Add(int64(worked))
		began := time.Now()
		p.Step(t.Context())
		return time.Since(began)
	}
	steps(time.Hour)
	if s.preceding.few != nil {
		t.Fatal("something precedes")
	}
	end := s.Precede()
	steps(0)
	end()
	if p.since != s.now() {
		t.Error("it did not wait for what precedes")
	}
	s.Precede()
	if took := steps(slice); took < slice {
		t.Errorf("it waited for %s after it had worked for %s", took, slice)
	}
	if worked, _ := p.Worked(); worked != time.Hour+slice {
		t.Errorf("it worked for %s", worked)
	}
}

// TestPaceWaitsNoLonger than anything precedes, however long a client made it wait.
func TestPaceWaitsNoLonger(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	p := s.NewPace()
	s.clock.Add(int64(time.Hour))
	s.preceding.few = make(chan struct{})
	p.Step(t.Context()) // or for ever
}
