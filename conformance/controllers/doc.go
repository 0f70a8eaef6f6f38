// Package controllers verifies that controllers reconcile unchanged: a program made with
// controller-runtime, in the directory manager, and informers of client-go.
package controllers
