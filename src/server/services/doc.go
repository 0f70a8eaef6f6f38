// Package services serves Kubernetes' Services, and the endpoints behind them, to clients of a
// server that has no cluster network.
//
// Services are stored, validated and printed by upstream's code, and get cluster IPs and node ports
// from upstream's allocators, so that two never have the same one, whichever of several servers was
// asked. Nobody listens there; but tools wait until a Service has an address, and take one without
// for unfinished.
package services
