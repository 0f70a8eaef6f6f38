// Package index finds keys by what is in their objects. An Index is derived from the log and can be
// made anew at any time: it belongs to one process, is in a temporary SQLite file, and has the
// state of one revision, which its user knows and moves on.
//
// What it finds is a superset of what matches. Values are compared by their first bytes, words are
// those of whole objects, and conditions may be left to the caller: it decides on the objects.
package index
