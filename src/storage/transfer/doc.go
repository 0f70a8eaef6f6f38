// Package transfer moves databases: it copies what one has to another one, whatever their drivers
// are, with revisions, history and bytes as they are.
//
// It works below everything that knows objects or watches, on the rows of the log: a copy of them
// is a copy of the database.
package transfer
