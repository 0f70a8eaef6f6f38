package v1prealpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func init() { register(&ExecutionEngine{}, &ExecutionEngineList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// ExecutionEngine is a service that runs agents outside the controller.
type ExecutionEngine struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the execution engine.
	// +optional
	Spec v1alpha1.ExecutionEngineSpec `json:"spec,omitempty"`

	// status is the observed state of the execution engine.
	// +optional
	Status v1alpha1.ExecutionEngineStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ExecutionEngineList is a list of ExecutionEngines.
type ExecutionEngineList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the execution engines.
	Items []ExecutionEngine `json:"items"`
}
