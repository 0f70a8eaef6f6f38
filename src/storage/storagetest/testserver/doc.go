// Package testserver finds programs, and runs servers, for tests: as a user of their own where they
// refuse root, in folders of their own, on free ports, and no longer than the tests.
package testserver
