// Package provision makes what the suites need in a cluster with nodes: the cluster itself, with
// kind, unless there is one already; a database server in a pod; and a release of the Helm chart.
package provision
