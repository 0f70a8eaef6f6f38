// Package schemas says what the Ark kinds look like to those that talk to no server: as JSON
// Schemas, for editors and for validators of manifests (Files), and in the form that
// CustomResourceDefinitions have (Structural).
//
// Both come from the generated OpenAPI definitions, which the server publishes and enforces, and
// from kubernetes.yaml, which has what the server enforces in types of Kubernetes' own.
//
// A JSON Schema takes what a strict server takes: unknown fields are refused where that refuses
// them, and an optional field may be null. It knows nothing of rules that span several fields.
package schemas
