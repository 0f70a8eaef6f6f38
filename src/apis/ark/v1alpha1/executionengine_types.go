package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
	Spec ExecutionEngineSpec `json:"spec,omitempty"`

	// status is the observed state of the execution engine.
	// +optional
	Status ExecutionEngineStatus `json:"status,omitempty"`
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

// ExecutionEngineSpec is the wanted state of an ExecutionEngine.
type ExecutionEngineSpec struct {
	// type is the name of the implementation, such as langchain.
	// +optional
	// +k8s:optional
	Type *string `json:"type,omitempty"`

	// address is the URL of the engine. It may be absent if source is set.
	// +optional
	// +k8s:optional
	Address *ValueSource `json:"address,omitempty"`

	// description is a text for humans.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// source is a template from which the engine is deployed.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	Source *JSONObject `json:"source,omitempty" patchStrategy:"replace"`

	// configSchema is the JSON Schema of the engine's configuration, as text.
	// +optional
	// +k8s:optional
	ConfigSchema *string `json:"configSchema,omitempty"`

	// isAgentic says whether the engine is itself an agent.
	// +optional
	// +k8s:optional
	IsAgentic *bool `json:"isAgentic,omitempty"`
}

// ExecutionEngineStatus is the observed state of an ExecutionEngine.
type ExecutionEngineStatus struct {
	// lastResolvedAddress is the URL in use.
	// +optional
	// +k8s:optional
	LastResolvedAddress string `json:"lastResolvedAddress,omitempty"`

	// phase is running, ready or error.
	// +optional
	// +k8s:optional
	Phase string `json:"phase,omitempty"`

	// message explains the phase.
	// +optional
	// +k8s:optional
	Message string `json:"message,omitempty"`

	// imageRef is the image of a deployed engine.
	// +optional
	// +k8s:optional
	ImageRef string `json:"imageRef,omitempty"`
}
