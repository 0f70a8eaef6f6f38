package check

import (
	"math"
	"time"

	"github.com/anishathalye/porcupine"

	"ark.ai/apiserver/conformance/faults/record"
)

// keyTimeout bounds the check of one key, whose cost is exponential in what is not known.
const keyTimeout = 10 * time.Second

// object is the state of one key.
type object struct {
	value string // none: it does not exist
	// revision is the newest that is known: at least that of the value.
	revision int64
}

// request is an operation with what the log adds to it.
type request struct {
	record.Operation
	// took is the revision at which it took place, 0 if nobody knows.
	took int64
}

// model is how one key answers.
var model = porcupine.Model{
	Init: func() any { return object{} },
	Step: func(state, input, _ any) (bool, any) {
		return input.(request).step(state.(object))
	},
}

// step reports whether the answer is right in a state, and what the state is after it.
func (r request) step(s object) (bool, object) {
	exists := s.value != ""
	if r.Verb == record.Get {
		if r.Outcome == record.Refused {
			return !exists, s
		}
		return s.value == r.Found && s.revision == r.Revision, s
	}
	holds := exists
	switch {
	case r.Verb == record.Create:
		holds = !exists
	case r.Expected > 0:
		holds = exists && s.revision == r.Expected
	}
	switch {
	case r.Outcome == record.Refused && r.Code == 404:
		return !exists, s
	case r.Outcome == record.Refused && (r.Verb == record.Create || r.Expected > 0):
		return !holds, s
	case r.Outcome == record.Refused:
		return true, s // others were quicker, again and again
	case !holds:
		// Without an answer it may have failed.
		return r.Outcome == record.Unknown && r.took == 0, s
	case r.took != 0 && r.took <= s.revision:
		return false, s
	}
	return true, object{r.Value, max(s.revision, r.took)}
}

// checkLinearizable wants an order for every key.
func (l *log) checkLinearizable(operations []record.Operation) []Violation {
	keys := map[string][]request{}
	for _, o := range operations {
		// Other refusals, such as 429, say nothing of the key.
		if o.Verb == record.List || o.Outcome == record.Refused && o.Code != 404 && o.Code != 409 || o.Verb == record.Get && o.Outcome != record.Done && o.Code != 404 {
			continue
		}
		keys[o.Key] = append(keys[o.Key], request{o, l.took(o)})
	}
	var violations []Violation
	for key, requests := range keys {
		result := porcupine.CheckOperationsTimeout(l.modelOf(key), events(requests, false), keyTimeout)
		if result == porcupine.Illegal {
			// What nobody saw the effect of may have had one nevertheless.
			result = porcupine.CheckOperationsTimeout(l.modelOf(key), events(requests, true), keyTimeout)
		}
		switch result {
		case porcupine.Illegal:
			at, text := l.culprit(key, requests)
			violations = append(violations, Violation{Linearizability, at, key, 0, text})
		case porcupine.Unknown:
			violations = append(violations, Violation{Undecided, requests[0].Call, key, 0, "its operations are too many to decide"})
		}
	}
	return violations
}

// modelOf begins with what a key had at the start.
func (l *log) modelOf(key string) porcupine.Model {
	m := model
	if c, ok := l.initial[key]; ok {
		m.Init = func() any { return object{c.value, c.revision} }
	}
	return m
}

// events are the operations as porcupine wants them. Writes without an answer, of which nobody saw
// an effect either, are only in them if they are asked for: most have had none.
func events(requests []request, unseen bool) []porcupine.Operation {
	var all []porcupine.Operation
	for _, r := range requests {
		end := int64(r.Return)
		if r.Outcome == record.Unknown {
			end = math.MaxInt64
			if r.took == 0 && !unseen {
				continue
			}
		}
		all = append(all, porcupine.Operation{ClientId: r.Client, Input: r, Call: int64(r.Call), Return: end})
	}
	return all
}

// culprit is the first answer that no order explains.
func (l *log) culprit(key string, requests []request) (time.Duration, string) {
	low, high := 0, len(requests)
	// The shortest beginning that can't be explained ends with it.
	for low < high {
		middle := (low + high) / 2
		beginning := until(requests, middle+1)
		if porcupine.CheckOperationsTimeout(l.modelOf(key), events(beginning, true), keyTimeout) == porcupine.Illegal {
			high = middle
		} else {
			low = middle + 1
		}
	}
	last := byReturn(requests)[min(low, len(requests)-1)]
	return last.Return, "no order of what was asked explains this answer: " + last.String()
}
