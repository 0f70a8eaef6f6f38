// Package crds describes the Ark kinds as CustomResourceDefinitions, which kube-apiserver serves
// without any of our code. The conformance suites compare: what differs between the two is either
// wanted or a mistake.
//
// A definition is derived from what the server itself uses: names, columns and selectable fields
// from the table of kinds, the schema from the generated OpenAPI definitions (schema.go). The
// checks that these do not carry are data, in constraints.yaml: keywords for fields of Kubernetes'
// own types, CEL for what spans several fields. CEL is refused if it could become expensive, so the
// lists that it walks have bounds which the server does not know.
//
// What a definition cannot say: the migrations of old manifests, which change an object depending
// on its annotations or other fields, and that an inputSchema is a JSON Schema.
package crds
