// Package controllers runs, inside an API server, those of Kubernetes' own controllers that its API
// is incomplete without: what makes a deleted namespace go away, owner references work, service
// accounts and quotas mean something.
//
// They talk to the server as any client does. Of the servers that share a database, one runs them
// at a time: the holder of a Lease.
package controllers
