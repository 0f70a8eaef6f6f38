package campaign

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ark.ai/apiserver/conformance/environment"
)

// A seed says what happens, and every fault does.
func TestSchedule(t *testing.T) {
	for _, driver := range environment.Drivers {
		names := Faults(driver)
		first, again, other := schedule(names, 1), schedule(names, 1), schedule(names, 2)
		if !slices.Equal(first, again) {
			t.Errorf("two schedules of one seed: %v and %v", first, again)
		}
		if slices.Equal(first, other) {
			t.Errorf("the schedule of two seeds: %v", first)
		}
		var injected []string
		for _, s := range first {
			injected = append(injected, s.fault)
		}
		slices.Sort(injected)
		if !slices.Equal(injected, names) {
			t.Errorf("of %v the schedule has %v", names, injected)
		}
	}
}

func schedule(names []string, seed uint64) []step {
	return newSchedule(names, rand.New(rand.NewPCG(seed, 0)))
}
