package v1alpha1

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// NamedRef names another object of a kind that follows from the field.
type NamedRef struct {
	// name of the object.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// namespace of the object. Defaults to the namespace of the object that holds the reference.
	// +optional
	// +k8s:optional
	Namespace *string `json:"namespace,omitempty"`
}

// QueryRef names a Query, and optionally one of its responses.
type QueryRef struct {
	// name of the query.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// namespace of the query. Defaults to the namespace of the object that holds the reference.
	// +optional
	// +k8s:optional
	Namespace *string `json:"namespace,omitempty"`

	// responseTarget is the name of the target whose response is meant.
	// +optional
	// +k8s:optional
	ResponseTarget *string `json:"responseTarget,omitempty"`
}

// ServiceRef resolves to http://NAME.NAMESPACE.svc.cluster.local:PORT/PATH.
type ServiceRef struct {
	// name of the Service.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// namespace of the Service. Defaults to the namespace of the object that holds the reference.
	// +optional
	// +k8s:optional
	Namespace *string `json:"namespace,omitempty"`

	// port is the name of the Service's port. Defaults to the first port.
	// +optional
	// +k8s:optional
	Port *string `json:"port,omitempty"`

	// path is appended to the address.
	// +optional
	// +k8s:optional
	Path *string `json:"path,omitempty"`
}

// QueryParameterRef names a parameter of the query that is being executed.
type QueryParameterRef struct {
	// name of the parameter.
	// +required
	// +k8s:required
	Name string `json:"name"`
}

// ValueSource is a text, literal or looked up.
type ValueSource struct {
	// value is the literal text.
	// +optional
	// +k8s:optional
	Value *string `json:"value,omitempty"`

	// valueFrom is where to look the text up.
	// +optional
	// +k8s:optional
	ValueFrom *ValueFrom `json:"valueFrom,omitempty"`
}

// ValueFrom says where a text comes from. If more than one source is set, the first of
// secretKeyRef, configMapKeyRef and serviceRef is used.
//
// +k8s:customValidation
type ValueFrom struct {
	// secretKeyRef is a key of a Secret in the namespace of the object that holds the reference.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	SecretKeyRef *corev1.SecretKeySelector `json:"secretKeyRef,omitempty"`

	// configMapKeyRef is a key of a ConfigMap in the namespace of the object that holds the
	// reference.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	ConfigMapKeyRef *corev1.ConfigMapKeySelector `json:"configMapKeyRef,omitempty"`

	// serviceRef is a Service whose address is the text.
	// +optional
	// +k8s:optional
	ServiceRef *ServiceRef `json:"serviceRef,omitempty"`

	// queryParameterRef is a parameter of the query that is being executed.
	// +optional
	// +k8s:optional
	QueryParameterRef *QueryParameterRef `json:"queryParameterRef,omitempty"`
}

// Parameter is a named text, literal or looked up.
type Parameter struct {
	// name of the parameter.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// value is the literal text.
	// +optional
	// +k8s:optional
	Value *string `json:"value,omitempty"`

	// valueFrom is where to look the text up.
	// +optional
	// +k8s:optional
	ValueFrom *ValueFrom `json:"valueFrom,omitempty"`
}

// Header is an HTTP header to send.
type Header struct {
	// name of the header.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// value of the header.
	// +required
	// +k8s:required
	Value *HeaderValue `json:"value"`
}

// HeaderValue is the text of a header, literal or looked up.
type HeaderValue struct {
	// value is the literal text.
	// +optional
	// +k8s:optional
	Value *string `json:"value,omitempty"`

	// valueFrom is where to look the text up.
	// +optional
	// +k8s:optional
	ValueFrom *HeaderValueFrom `json:"valueFrom,omitempty"`
}

// HeaderValueFrom says where the text of a header comes from.
//
// +k8s:customValidation
type HeaderValueFrom struct {
	// secretKeyRef is a key of a Secret in the namespace of the object that holds the reference.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	SecretKeyRef *corev1.SecretKeySelector `json:"secretKeyRef,omitempty"`

	// configMapKeyRef is a key of a ConfigMap in the namespace of the object that holds the
	// reference.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	ConfigMapKeyRef *corev1.ConfigMapKeySelector `json:"configMapKeyRef,omitempty"`

	// queryParameterRef is a parameter of the query that is being executed.
	// +optional
	// +k8s:optional
	QueryParameterRef *QueryParameterRef `json:"queryParameterRef,omitempty"`
}

// OverrideResourceType is a kind of resource whose headers can be overridden.
//
// +enum
// +k8s:enum
type OverrideResourceType string

const (
	// OverrideModel stands for Models.
	OverrideModel OverrideResourceType = "model"
	// OverrideMCPServer stands for MCPServers.
	OverrideMCPServer OverrideResourceType = "mcpserver"
)

// Override adds headers to the requests sent to chosen models or MCP servers.
type Override struct {
	// resourceType is the kind of resource the headers are for.
	// +required
	// +k8s:required
	ResourceType OverrideResourceType `json:"resourceType"`

	// headers to send.
	// +required
	// +listType=atomic
	// +k8s:required
	Headers []Header `json:"headers"`

	// labelSelector chooses the resources. Absent means all of them.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	// +k8s:customValidation
	LabelSelector *metav1.LabelSelector `json:"labelSelector,omitempty"`
}

// ResourceSelectorType is a kind of resource that a ResourceSelector chooses.
//
// +enum
// +k8s:enum
type ResourceSelectorType string

const (
	// ResourceSelectorQuery stands for Queries.
	ResourceSelectorQuery ResourceSelectorType = "Query"
)

// ResourceSelector chooses resources by label and namespace.
type ResourceSelector struct {
	// +k8s:opaqueType
	// +k8s:customValidation
	metav1.LabelSelector `json:",inline"`

	// resourceType is the kind of the resources.
	// +required
	// +k8s:required
	ResourceType ResourceSelectorType `json:"resourceType"`

	// apiGroup of the resources.
	// +optional
	// +default="ark.ai"
	// +k8s:optional
	APIGroup *string `json:"apiGroup,omitempty"`

	// namespaces to look in.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Namespaces []string `json:"namespaces,omitzero"`

	// namespaceSelector chooses the namespaces to look in.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	// +k8s:customValidation
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
}

// TokenUsage counts the tokens a model consumed.
type TokenUsage struct {
	// promptTokens is the number of tokens sent.
	// +optional
	// +k8s:optional
	PromptTokens *int64 `json:"promptTokens,omitempty"`

	// completionTokens is the number of tokens received.
	// +optional
	// +k8s:optional
	CompletionTokens *int64 `json:"completionTokens,omitempty"`

	// cachedTokens is the number of tokens sent that the provider had in its cache.
	// +optional
	// +k8s:optional
	CachedTokens *int64 `json:"cachedTokens,omitempty"`

	// totalTokens is the sum that the provider reported.
	// +optional
	// +k8s:optional
	TotalTokens *int64 `json:"totalTokens,omitempty"`
}

// ApprovalTimeoutAction is what happens when nobody answers a request for approval.
//
// +enum
// +k8s:enum
type ApprovalTimeoutAction string

const (
	// ApprovalReject treats silence as a refusal.
	ApprovalReject ApprovalTimeoutAction = "reject"
	// ApprovalProceed treats silence as consent.
	ApprovalProceed ApprovalTimeoutAction = "proceed"
)

// Approval asks a human before a tool is called.
type Approval struct {
	// required says whether a human must approve the call.
	// +optional
	// +k8s:optional
	Required *bool `json:"required,omitempty"`

	// timeout is how long to wait for an answer.
	// +optional
	// +k8s:optional
	Timeout Duration `json:"timeout,omitempty"`

	// onTimeout is what to do when nobody answered in time.
	// +optional
	// +default="reject"
	// +k8s:optional
	OnTimeout ApprovalTimeoutAction `json:"onTimeout,omitempty"`
}
