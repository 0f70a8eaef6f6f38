// Package goaway ends HTTP/2 connections of a server that stops in the two steps of RFC 9113,
// section 6.8, so that no request is lost.
//
// Go's servers take one: GOAWAY with the last stream they know of. A request that crosses it on the
// wire is an error at the client, and kube-apiserver, which passes requests on to aggregated
// servers, can't repeat those with a body: its user gets status 503 (kubernetes/kubernetes#135285).
// The step that is missing is a GOAWAY that excludes no stream. The client opens further streams on
// another connection from then on, and a round trip later the server's own GOAWAY finds none that
// it does not know of.
//
// Neither net/http nor upstream has a hook for it. Follow therefore takes over from upstream what
// happens to a connection that speaks HTTP/2: the same as before, but that the outgoing frames are
// followed, to know where one may be put in between.
package goaway
