// Package v1alpha1 holds the types of API group ark.ai, version v1alpha1, each with a status
// subresource, their defaults and their validation.
//
// The same Go types serve as the internal version, so nothing is converted. Other versions have
// types of their own. What a write goes through, in order: decoding, the defaults marked +default
// here, admission, the migrations of old manifests (Default* functions), the declarative validation
// generated from the
// +k8s: tags, and the rules that span several fields (Validate* functions).
//
// Fields marked Deprecated belong to earlier generations of the API. They are accepted, stored and
// returned, because controllers of those generations exist.
//
// +k8s:deepcopy-gen=package
// +k8s:openapi-gen=true
// +k8s:openapi-model-package=ai.ark.v1alpha1
// +k8s:defaulter-gen=TypeMeta
// +k8s:validation-gen=TypesWithField=TypeMeta
// +groupName=ark.ai
package v1alpha1
