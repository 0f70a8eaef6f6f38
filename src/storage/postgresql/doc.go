// Package postgresql keeps the API server's keys in a PostgreSQL database, shared by any number of
// processes.
//
// # Data
//
// A value is written once, into the append-only table log. The table objects has a small row per
// living key that points to its newest log entry; it also holds what selectors ask about. The
// current revision is the newest revision in log: the migration writes revision 1, and compaction
// never removes the newest entry. The view resources shows the current objects to SQL users.
//
// # Writing
//
// Revision order is commit order, because a revision is only taken while the one row of the table
// sequencer is locked, which the commit ends. All of a batch happens in the function apply_batch:
// one round trip, and the row is not locked before the whole batch has arrived. A process that dies
// or stalls while it sends a batch therefore holds up nobody, nor does anybody who has no rights on
// the table.
//
// # Reading
//
// A read is one pipelined transaction with one snapshot, so that a page, its revision and the check
// that the revision was not compacted belong together.
//
// # Connections
//
// A Backend uses at most Options.MaxConnections connections: one for commits (and Ping), with a
// second in case it breaks, one that listens for notifications, the others for reads and
// compaction. No state of a session is relied upon, so that pgbouncer in transaction mode may be in
// between: named prepared statements are given up when they turn out not to work, and without
// notifications the caller's polling finds other processes' commits.
package postgresql
