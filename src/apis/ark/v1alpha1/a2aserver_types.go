package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
	Spec A2AServerSpec `json:"spec,omitempty"`

	// status is the observed state of the A2A server.
	// +optional
	Status A2AServerStatus `json:"status,omitempty"`
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

// A2AServerSpec is the wanted state of an A2AServer.
type A2AServerSpec struct {
	// address is the URL of the server.
	// +required
	// +k8s:required
	Address *ValueSource `json:"address"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`

	// description is a text for humans.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// pollInterval is the time between two discoveries of agents. It must not be negative.
	// +optional
	// +default="1m"
	// +k8s:optional
	PollInterval Duration `json:"pollInterval,omitempty"`

	// timeout limits one run of an agent.
	// +optional
	// +default="5m"
	// +k8s:optional
	Timeout *string `json:"timeout,omitempty"`

	// endpointResolution says which URL is called.
	// +optional
	// +default="address"
	// +k8s:optional
	EndpointResolution A2AEndpointResolution `json:"endpointResolution,omitempty"`

	// allowedEndpointHosts are the hosts an agent card may point to.
	// +optional
	// +listType=atomic
	// +k8s:optional
	AllowedEndpointHosts []A2AEndpointHost `json:"allowedEndpointHosts,omitzero"`
}

// A2AEndpointResolution says which URL of an A2A server is called.
//
// +enum
// +k8s:enum
type A2AEndpointResolution string

const (
	// A2AEndpointAddress is the address of the spec.
	A2AEndpointAddress A2AEndpointResolution = "address"
	// A2AEndpointCardPath is the address with the path of the agent card's URL.
	A2AEndpointCardPath A2AEndpointResolution = "cardPath"
	// A2AEndpointCardURL is the agent card's URL.
	A2AEndpointCardURL A2AEndpointResolution = "cardUrl"
)

// A2AEndpointHost is the name of a host. It may start with "*." and end with a port: 253 characters
// and 6.
//
// +k8s:maxLength=259
// +k8s:customValidation
// +k8s:validation:pattern>^(\*\.)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*(:[0-9]{1,5})?$
type A2AEndpointHost string

// A2AServerStatus is the observed state of an A2AServer.
type A2AServerStatus struct {
	// lastResolvedAddress is the URL in use.
	// +optional
	// +k8s:optional
	LastResolvedAddress string `json:"lastResolvedAddress,omitempty"`

	// lastResolvedEndpoint is the URL agents are called at.
	// +optional
	// +k8s:optional
	LastResolvedEndpoint string `json:"lastResolvedEndpoint,omitempty"`

	// rejectedEndpoint is a URL from an agent card that was refused.
	// +optional
	// +k8s:optional
	RejectedEndpoint string `json:"rejectedEndpoint,omitempty"`

	// conditions of the server: "Ready" and "Discovering".
	// +optional
	// +listType=atomic
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero"`
}
