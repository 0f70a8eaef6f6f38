package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Memory{}, &MemoryList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Memory is a service that keeps conversations.
type Memory struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the memory.
	// +optional
	Spec MemorySpec `json:"spec,omitempty"`

	// status is the observed state of the memory.
	// +optional
	Status MemoryStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// MemoryList is a list of Memories.
type MemoryList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the memories.
	Items []Memory `json:"items"`
}

// MemorySpec is the wanted state of a Memory.
type MemorySpec struct {
	// address is the URL of the memory service.
	// +required
	// +k8s:required
	Address *ValueSource `json:"address"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`
}

// MemoryPhase is the state of a memory service.
//
// +enum
// +k8s:enum
type MemoryPhase string

const (
	// MemoryRunning is being checked.
	MemoryRunning MemoryPhase = "running"
	// MemoryReady can be used.
	MemoryReady MemoryPhase = "ready"
	// MemoryError cannot be used.
	MemoryError MemoryPhase = "error"
)

// MemoryStatus is the observed state of a Memory.
type MemoryStatus struct {
	// lastResolvedAddress is the URL in use.
	// +optional
	// +k8s:optional
	LastResolvedAddress string `json:"lastResolvedAddress,omitempty"`

	// phase is the state of the service.
	// +optional
	// +k8s:optional
	Phase MemoryPhase `json:"phase,omitempty"`

	// message explains the phase.
	// +optional
	// +k8s:optional
	Message string `json:"message,omitempty"`
}
