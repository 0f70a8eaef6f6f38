package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&ArkConfig{}, &ArkConfigList{}) }

// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// ArkConfig holds what an installation sets for all namespaces. The one named "default" counts.
type ArkConfig struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the configuration.
	// +optional
	Spec ArkConfigSpec `json:"spec,omitempty"`

	// status is the observed state of the configuration.
	// +optional
	Status ArkConfigStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ArkConfigList is a list of ArkConfigs.
type ArkConfigList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the configurations.
	Items []ArkConfig `json:"items"`
}

// ArkConfigSpec is the wanted state of an ArkConfig.
type ArkConfigSpec struct {
	// queryTTL is the ttl of queries that are created without one.
	// +optional
	// +k8s:optional
	QueryTTL Duration `json:"queryTTL,omitempty"`

	// evaluationTTL is the ttl of evaluations that are created without one.
	// +optional
	// +k8s:optional
	EvaluationTTL Duration `json:"evaluationTTL,omitempty"`
}

// ArkConfigStatus is the observed state of an ArkConfig: there is nothing to observe yet.
type ArkConfigStatus struct{}
