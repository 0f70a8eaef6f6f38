package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/common"
)

func init() { register(&ToolApprovalRequest{}, &ToolApprovalRequestList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// ToolApprovalRequest asks a human whether tools may be called.
type ToolApprovalRequest struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the request.
	// +optional
	// +k8s:optional
	Spec *ToolApprovalRequestSpec `json:"spec,omitempty"`

	// status is the observed state of the request.
	// +optional
	// +k8s:optional
	Status *ToolApprovalRequestStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ToolApprovalRequestList is a list of ToolApprovalRequests.
type ToolApprovalRequestList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the requests.
	Items []ToolApprovalRequest `json:"items"`
}

// ToolApprovalRequestSpec is the wanted state of a ToolApprovalRequest. Fields that are not
// described are kept, too.
type ToolApprovalRequestSpec struct {
	JSONObject `json:",inline"`
}

// ToUnstructured returns what fits the definition.
func (o ToolApprovalRequestSpec) ToUnstructured() interface{} {
	return o.fitting(o.OpenAPIDefinition())
}

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (ToolApprovalRequestSpec) OpenAPIDefinition() common.OpenAPIDefinition {
	return openSchema("ToolApprovalRequestSpec is the wanted state of a ToolApprovalRequest.", []string{"toolCalls"}, properties{
		"queryRef":         object("queryRef is the query that waits.", nil, properties{"name": text("name of the query."), "namespace": text("namespace of the query.")}),
		"toolCalls":        list("toolCalls are the calls to decide on.", 1),
		"timeout":          text("timeout is how long to wait for a decision."),
		"onTimeout":        text("onTimeout is what happens when nobody decides.", "reject", "proceed"),
		"approvers":        anything("approvers are who may decide."),
		"reasonRequired":   boolean("reasonRequired says whether a decision needs a reason."),
		"executionContext": anything("executionContext is what the execution goes on with."),
	})
}

// ToolApprovalRequestStatus is the observed state of a ToolApprovalRequest. Fields that are not
// described are kept, too.
type ToolApprovalRequestStatus struct {
	JSONObject `json:",inline"`
}

// ToUnstructured returns what fits the definition.
func (o ToolApprovalRequestStatus) ToUnstructured() interface{} {
	return o.fitting(o.OpenAPIDefinition())
}

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (ToolApprovalRequestStatus) OpenAPIDefinition() common.OpenAPIDefinition {
	return openSchema("ToolApprovalRequestStatus is the observed state of a ToolApprovalRequest.", nil, properties{
		"phase":              text("phase is the stage of the request.", "pending", "approved", "rejected", "expired"),
		"decision":           anything("decision is what was decided."),
		"observedGeneration": integer("observedGeneration is the generation that the status is of."),
	})
}
