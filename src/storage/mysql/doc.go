// Package mysql keeps the API server's keys in a database of MariaDB or MySQL, shared by any number
// of processes.
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
// sequencer is locked, which the commit ends. A batch is one message with several statements, from
// START TRANSACTION to COMMIT: one round trip, and the row is not locked before the whole batch has
// arrived. A process that dies or stalls while it sends a batch therefore holds up nobody, nor does
// anybody who has no rights on the table.
//
// # Reading
//
// A read is one message too: a transaction with one snapshot, so that a page, its revision and the
// check that the revision was not compacted belong together.
//
// # Other processes
//
// There is nothing that notifies. Processes say in the table processes that they are there; while
// others are, the end of the log is looked at every few milliseconds.
//
// # Connections
//
// A Backend uses at most Options.MaxConnections connections: one for commits (and Ping), with a
// second in case it breaks, one that looks for other processes' commits, the others for reads and
// compaction. All that a message needs is in it, and what a connection begins with is set by SET,
// which proxies follow: a proxy may lend connections per transaction. There are no prepared
// statements, advisory locks or temporary tables.
package mysql
