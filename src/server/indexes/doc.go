// Package indexes lets the indexes of fields be seen, dropped and made over HTTP, on /indexes, and
// asks a server for them.
package indexes
