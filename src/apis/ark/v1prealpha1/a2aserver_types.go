package v1prealpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func init() { register(&A2AServer{}, &A2AServerList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// A2AServer is a server of the Agent2Agent protocol, whose agents become Agent objects.
type A2AServer struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the A2A server.
	// +optional
	Spec v1alpha1.A2AServerSpec `json:"spec,omitempty"`

	// status is the observed state of the A2A server.
	// +optional
	Status v1alpha1.A2AServerStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// A2AServerList is a list of A2AServers.
type A2AServerList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the A2A servers.
	Items []A2AServer `json:"items"`
}
