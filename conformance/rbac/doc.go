// Package rbac verifies that nobody gets at Ark objects without the right to: who a request is
// from, what roles allow, and that answers about rights are those that requests get. What needs an
// identity that the administrator can't be is done with service accounts' tokens; other users are
// impersonated.
//
// Users have a spec's namespace in their names, so that specs may run side by side.
package rbac
