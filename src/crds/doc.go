// Package crds describes the Ark kinds as CustomResourceDefinitions, which kube-apiserver serves
// without any of our code. They are for tools that know nothing else, and for whoever moves there.
// The conformance suites compare: what differs between the two is either wanted or a mistake.
//
// A definition is derived from what the server itself uses: names, columns and selectable fields
// from the table of kinds, the schema from the generated OpenAPI definitions (package schemas). The
// checks that these do not carry, such as those that span several fields, are data, in
// constraints.yaml, as CEL. CEL is refused if it could become expensive, so the lists that it walks
// have bounds which the server does not know.
//
// What a definition cannot say: the migrations of old manifests, which change an object depending
// on its annotations or other fields, what an ArkConfig says of a ttl, and that an inputSchema is a
// JSON Schema.
package crds
