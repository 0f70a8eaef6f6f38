package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Evaluator{}, &EvaluatorList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Evaluator is a service that judges answers.
type Evaluator struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the evaluator.
	// +optional
	Spec EvaluatorSpec `json:"spec,omitempty"`

	// status is the observed state of the evaluator.
	// +optional
	Status EvaluatorStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// EvaluatorList is a list of Evaluators.
type EvaluatorList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the evaluators.
	Items []Evaluator `json:"items"`
}

// EvaluatorSpec is the wanted state of an Evaluator.
type EvaluatorSpec struct {
	// address is the URL of the judging service.
	// +required
	// +k8s:required
	Address *ValueSource `json:"address"`

	// description is a text for humans.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// selector picks the queries to judge automatically.
	// +optional
	// +k8s:optional
	Selector *ResourceSelector `json:"selector,omitempty"`

	// parameters are sent with each request. The names model.name and model.namespace choose a
	// Model.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Parameters []Parameter `json:"parameters,omitzero"`
}

// EvaluatorStatus is the observed state of an Evaluator.
type EvaluatorStatus struct {
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
}
