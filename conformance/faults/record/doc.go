// Package record has what the clients of a campaign did and saw, and keeps it in a file: one JSON
// value a line, so that grep finds the story of a key.
//
// Times are nanoseconds since the campaign began, by the monotonic clock of the one process that
// has all clients.
package record
