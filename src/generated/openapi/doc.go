// Package openapi holds the OpenAPI definitions of group ark.ai and of the Kubernetes types it refers
// to, so that a server of this group alone needs nothing else, least of all k8s.io/kubernetes. A server
// that serves more merges GetOpenAPIDefinitions with the definitions of its other groups; where both
// define a type of Kubernetes, they define it alike.
package openapi
