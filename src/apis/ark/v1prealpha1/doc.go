// Package v1prealpha1 holds the types of API group ark.ai, version v1prealpha1: kinds that are
// younger than those of v1alpha1, and two that both versions serve, of which clients of the Ark
// project know this version.
//
// Kinds of both versions have one spec and one status, those of v1alpha1, and are stored in that
// version.
//
// +k8s:deepcopy-gen=package
// +k8s:openapi-gen=true
// +k8s:openapi-model-package=ai.ark.v1prealpha1
// +k8s:defaulter-gen=TypeMeta
// +k8s:validation-gen=TypesWithField=TypeMeta
// +k8s:conversion-gen=ark.ai/apiserver/src/apis/ark/v1alpha1
// +groupName=ark.ai
package v1prealpha1
