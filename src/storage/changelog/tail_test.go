package changelog

import (
	"testing"
	"time"
)

// TestPollsSaved: a commit of this process that nobody else's came before takes the place of a look
// at the log, but not for ever.
func TestPollsSaved(t *testing.T) {
	tail := &tail{hub: newHub(Options{})}
	tail.begin(1, time.Now().Add(-time.Hour))
	if rest := tail.savePoll(time.Minute); rest != 0 {
		t.Errorf("a look that is due can wait for %s", rest)
	}
	for range maxPollsSaved {
		tail.committed(time.Now())
		if rest := tail.savePoll(time.Minute); rest <= 0 || rest > time.Minute {
			t.Errorf("after a commit there is a look in %s, want the rest of a minute", rest)
		}
	}
	tail.committed(time.Now())
	if rest := tail.savePoll(time.Minute); rest != 0 {
		t.Errorf("after %d polls without a look the next can wait for %s", maxPollsSaved, rest)
	}
}

// TestExpiries: records are looked for once, when those that this process wrote are past their
// time.
func TestExpiries(t *testing.T) {
	var e expiries
	now := time.Now()
	e.add(time.Time{})
	e.add(now.Add(time.Minute))
	e.add(now.Add(time.Hour))
	for _, tc := range []struct {
		after time.Duration
		want  bool
	}{
		{0, false}, {time.Minute + time.Second, true}, {2 * time.Minute, false}, {2 * time.Hour, true}, {3 * time.Hour, false},
	} {
		if got := e.passed(now.Add(tc.after)); got != tc.want {
			t.Errorf("%s later some have passed: %t, want %t", tc.after, got, tc.want)
		}
	}
}
