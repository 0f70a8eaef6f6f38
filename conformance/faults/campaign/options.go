package campaign

import "io"

// Options of a campaign.
type Options struct {
	// Driver is the servers' database: one of environment.Drivers.
	Driver string
	// Program is ark-apiserver.
	Program string
	// Dir is an existing directory for everything that is written. It is the caller's to remove.
	Dir string
	// Seed decides what happens.
	Seed int64
	// Faults are the names of those that are injected, each once.
	Faults []string
	// Output gets a line for each thing that happens.
	Output io.Writer
}
