// Package helm verifies a release of the Helm chart in a cluster with nodes: that it is installed,
// upgraded, rolled back, scaled and removed without harm, and that it survives the death of pods,
// its own and the database's.
package helm
