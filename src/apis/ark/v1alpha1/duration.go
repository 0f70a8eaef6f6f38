package v1alpha1

import "time"

// Duration is a span of time in Go's notation, such as "300ms", "5m" or "1h30m". It is kept exactly as
// written: "720h" comes back as "720h", so that tools which compare manifests as text see no drift.
// Clients may decode it into metav1.Duration.
//
// +k8s:customValidation
type Duration string

// Parse returns the span. It fails on text that time.ParseDuration refuses, including the empty string.
func (d Duration) Parse() (time.Duration, error) { return time.ParseDuration(string(d)) }
