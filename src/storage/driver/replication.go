package driver

// Replication is what the server of a database knows of replicas that its own means keep. It is
// about all of the server. The zero value is that of a database without any.
type Replication struct {
	// Replicas follow the server.
	Replicas []Peer
	// Sources are what the server follows, if it is a replica.
	Sources []Peer
	// Hidden are sentences: what the server does not tell, and what would have it do so.
	Hidden []string
}

// Peer is another server, and how far the replica is behind, of the two.
type Peer struct {
	// Name that it gave itself, "" if it has none; Address is "" or the directory of a Unix socket
	// on the same machine.
	Name, Address string
	// State is what the server calls it, "" if it does not tell.
	State string
	// Sync is whether commits wait for it, in the server's words, "" if it does not tell.
	Sync string
	// LagBytes are those of the server's log that the replica has not applied yet. nil: unknown.
	LagBytes *int64
	// LagSeconds is for how long it has been lacking the oldest of them, as the server measures it.
	// 0: it lacks nothing. nil: unknown.
	LagSeconds *float64
}
