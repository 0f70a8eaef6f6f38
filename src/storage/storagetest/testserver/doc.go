// Package testserver runs the servers of databases for tests: as a user of their own, in folders of
// their own, on free ports, and no longer than the tests.
package testserver
