package v1prealpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func init() { register(&ExecutionProfile{}, &ExecutionProfileList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// ExecutionProfile says how agents are executed: hooks, limits, a critic, a workspace and the
// settings of an SDK.
type ExecutionProfile struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the profile.
	// +optional
	// +k8s:optional
	Spec *v1alpha1.JSONObject `json:"spec,omitempty"`

	// status is the observed state of the profile.
	// +optional
	// +k8s:optional
	Status *v1alpha1.JSONObject `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ExecutionProfileList is a list of ExecutionProfiles.
type ExecutionProfileList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the profiles.
	Items []ExecutionProfile `json:"items"`
}
