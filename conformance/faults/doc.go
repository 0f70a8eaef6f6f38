// Package faults verifies that no acknowledged write is lost and no reader is misled, whatever
// breaks: it runs one campaign, with each fault once, on servers of its own. tools/faults runs one
// after the other for as long as it is told.
//
// Package campaign breaks things and has clients meanwhile, package record has what these saw,
// package check judges it.
//
//	go test ./conformance/faults -args -driver=postgresql -seed=42
package faults
