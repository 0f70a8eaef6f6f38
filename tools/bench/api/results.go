package main

import (
	"fmt"
	"slices"
	"time"
)

// result is one sample.
type result struct {
	Work    string `json:"work"`
	Subject string `json:"subject"`
	Round   int    `json:"round"`
	// Objects is how many queries the run is about.
	Objects int `json:"objects"`
	// Skipped is set if the subject has nothing to be measured here.
	Skipped bool `json:"-"`
	// Requests that were made, or lifecycles, events, questions: what the work counts.
	Requests int `json:"requests"`
	// Seconds that it took.
	Seconds float64 `json:"seconds"`
	// ServerCPU and ClientCPU are seconds of a processor.
	ServerCPU float64 `json:"serverCPU"`
	ClientCPU float64 `json:"clientCPU"`
	// P50 and P99 of requests, or of events after the request, in milliseconds.
	P50 float64 `json:"p50,omitempty"`
	P99 float64 `json:"p99,omitempty"`
	// MiB is what the work is about: memory, disk, an answer.
	MiB float64 `json:"mib,omitempty"`
}

func (r *result) String() string {
	text := fmt.Sprintf("%-44s %-24s %7d in %7.2f s, CPU %8.3f + %7.3f s", r.Work, r.Subject, r.Requests, r.Seconds, r.ServerCPU, r.ClientCPU)
	if r.P99 > 0 {
		text += fmt.Sprintf(", p50 %.2f, p99 %.2f ms", r.P50, r.P99)
	}
	if r.MiB > 0 {
		text += fmt.Sprintf(", %.1f MiB", r.MiB)
	}
	return text
}

// took notes how long requests took.
func (r *result) took(times []time.Duration) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	r.P50 = milliseconds(times[len(times)/2])
	r.P99 = milliseconds(times[len(times)*99/100])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
