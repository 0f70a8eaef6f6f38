package report

import "slices"

// State is how much of a criterion is verified.
type State string

const (
	// Passed is verified: checks were executed, and all of them passed.
	Passed State = "passed"
	// Failed is a check that failed, or a suite that was not complete.
	Failed State = "failed"
	// Missing is what had to be run, and of which no check was executed.
	Missing State = "not run"
	// LeftOut is not verified either, but this was known before.
	LeftOut State = "left out"
	// NotApplicable has no meaning there.
	NotApplicable State = "not applicable"
)

// badness orders states, the worst first.
var badness = []State{Failed, Missing, LeftOut, Passed, NotApplicable}

// worst of some states. Where all are NotApplicable nothing was verified.
func worst(states []State) State {
	for _, state := range badness {
		if slices.Contains(states, state) && state != NotApplicable {
			return state
		}
	}
	return LeftOut
}
