// Package customresources lets a server with our group built in serve CustomResourceDefinitions of
// that group too, in versions of their own and in those of the built-in kinds. So a newer
// controller finds its newer kinds.
//
// Upstream's servers are a chain in which one has a group or does not: the server of custom
// resources never hears of requests for a group that is built in, and discovery and OpenAPI know
// one source for each version. What is here sends requests to the server that has the resource, and
// merges what the two say of a version.
//
// What is built in stays so: definitions that claim one of its names are refused.
package customresources
