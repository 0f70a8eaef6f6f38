package campaign

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const (
	minCalm, maxCalm = 500 * time.Millisecond, time.Second
	minHold, maxHold = 200 * time.Millisecond, 2500 * time.Millisecond
)

// step of a schedule: what is broken, after how long a time without faults, and for how long.
type step struct {
	fault      string
	calm, hold time.Duration
	// seed is for what the fault chooses.
	seed uint64
}

// newSchedule has each fault once, those that lose commits last: before them there is more that has
// to be there.
func newSchedule(injected []string, choice *rand.Rand) []step {
	names := slices.Sorted(slices.Values(injected))
	choice.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case faults[a].loses == faults[b].loses:
			return 0
		case faults[a].loses:
			return 1
		}
		return -1
	})
	var steps []step
	for _, name := range names {
		hold := faults[name].hold + between(choice, minHold, maxHold)
		steps = append(steps, step{name, between(choice, minCalm, maxCalm), hold, choice.Uint64()})
	}
	return steps
}

func between(choice *rand.Rand, low, high time.Duration) time.Duration {
	return (low + time.Duration(choice.Int64N(int64(high-low)))).Round(time.Millisecond)
}

// String is the step as it is printed.
func (s step) String() string { return fmt.Sprintf("%s for %s after %s", s.fault, s.hold, s.calm) }

func printed(steps []step) string {
	var texts []string
	for _, s := range steps {
		texts = append(texts, s.String())
	}
	return strings.Join(texts, "; ")
}
