// Package oracle compares the Ark API server with Kubernetes itself. The same kinds are installed
// as CustomResourceDefinitions in another group of the same server (package crds), every request
// goes to both groups, and the answers must be the same: status codes, headers, bodies, watch
// events.
//
// In aggregated mode the other group is served by a real kube-apiserver. In standalone mode it is
// upstream's apiextensions-apiserver within the same process, on the same storage.
//
// What OpenAPI, versions 2 and 3, says of the kinds in both groups is compared too, keyword by
// keyword (openapi_test.go).
//
// There are four sources of requests: recorded ones (requests/*.yaml), every field of every kind
// spoilt in every way (fields_test.go), every number in every form (numbers_test.go), and random
// sequences (random_test.go). No answer is written down anywhere: Kubernetes is the expectation.
// What may differ is in differences.yaml, with reasons; a difference that is listed and does not
// occur fails the suite as well.
//
//	go test ./conformance/oracle
//	go test ./conformance/oracle -seed 42 -sequences 100
package oracle
