package controllers_test

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"ark.ai/apiserver/conformance/framework"
)

// tally is for the report: what it took to have queries answered, in a mode that it names.
type tally struct {
	Mode, Driver                string
	Queries, Managers           int
	Reconciles, Asks, AskedMore int
	Resumed, Stale, Conflicts   int
	WatchEvents, RepeatedEvents int
	Seconds                     float64
}

func (t tally) String() string {
	return fmt.Sprintf("%s %s: %d queries, %d managers, %d reconciles, %d questions to the model (%d more than queries), %d resumed, %d stale reads, %d conflicts, %d watch events (%d repeated), %.1f s",
		t.Mode, t.Driver, t.Queries, t.Managers, t.Reconciles, t.Asks, t.AskedMore, t.Resumed, t.Stale, t.Conflicts, t.WatchEvents, t.RepeatedEvents, t.Seconds)
}

// addTally reports what the managers of a scene have done since begin.
func (s *scene) addTally(begin time.Time, managers ...*manager) {
	t := tally{Mode: framework.Env.Mode, Driver: framework.Env.Driver, Managers: len(managers), Seconds: time.Since(begin).Seconds()}
	asked := s.questions()
	t.Queries = len(asked)
	for _, n := range asked {
		t.Asks += n
		t.AskedMore += n - 1
	}
	for _, m := range managers {
		j := m.journal()
		t.Reconciles += j.reconciles
		t.Resumed += len(j.resumed)
		t.Stale += j.stale
		t.Conflicts += j.conflicts
		t.WatchEvents += j.events
		t.RepeatedEvents += len(j.disorder) + j.resyncs
	}
	AddReportEntry("reconciles", t)
}
