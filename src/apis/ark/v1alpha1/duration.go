package v1alpha1

import "time"

// Duration is a span of time in Go's notation, such as "300ms", "5m" or "1h30m". It is kept exactly
// as written: "720h" comes back as "720h", so that tools which compare manifests as text see no
// drift. Clients may decode it into metav1.Duration.
//
// The pattern is for clients: it says what Parse accepts, but for spans that no 64 bits hold.
//
// +k8s:customValidation
// +k8s:validation:pattern>^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$
type Duration string

// Parse returns the span. It fails on text that time.ParseDuration refuses, including the empty
// string.
func (d Duration) Parse() (time.Duration, error) { return time.ParseDuration(string(d)) }
