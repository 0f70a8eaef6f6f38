// Package aggregated has the manifests with which an operator makes ark-apiserver part of a
// cluster, for the conformance suites: what they verify is what the documentation tells.
package aggregated

import _ "embed"

// RBAC is for before the server starts: its namespace, its identity and the rights of that.
//
//go:embed rbac.yaml
var RBAC string

// Server runs it.
//
//go:embed server.yaml
var Server string

// APIService registers it. CABundlePlaceholder stands for the base64 of the authority's
// certificate.
//
//go:embed apiservice.yaml
var APIService string

// CABundlePlaceholder is what APIService has in place of a caBundle.
const CABundlePlaceholder = "CA_BUNDLE"
