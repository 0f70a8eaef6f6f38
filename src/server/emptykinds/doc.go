// Package emptykinds answers questions about what clusters have and a server without one has not:
// pods, nodes, deployments and what else tools ask for when they open. There are none of them, and
// none can be made: whoever tries is told that the method is not allowed, before anything is stored
// of which nothing would come.
package emptykinds
