package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/common"
)

func init() { register(&ToolInteraction{}, &ToolInteractionList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// ToolInteraction asks a human for what a tool needs: approval, input, a selection or a
// confirmation.
type ToolInteraction struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the interaction.
	// +optional
	// +k8s:optional
	Spec *ToolInteractionSpec `json:"spec,omitempty"`

	// status is the observed state of the interaction.
	// +optional
	// +k8s:optional
	Status *ToolInteractionStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ToolInteractionList is a list of ToolInteractions.
type ToolInteractionList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the interactions.
	Items []ToolInteraction `json:"items"`
}

// ToolInteractionSpec is the wanted state of a ToolInteraction. Fields that are not described are
// kept, too.
type ToolInteractionSpec struct {
	JSONObject `json:",inline"`
}

// ToUnstructured returns what fits the definition.
func (o ToolInteractionSpec) ToUnstructured() interface{} { return o.fitting(o.OpenAPIDefinition()) }

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (ToolInteractionSpec) OpenAPIDefinition() common.OpenAPIDefinition {
	return openSchema("ToolInteractionSpec is the wanted state of a ToolInteraction.", nil, properties{
		"type": text("type is what is asked for.", "approval", "input", "selection", "confirmation"),
	})
}

// ToolInteractionStatus is the observed state of a ToolInteraction. Fields that are not described
// are kept, too.
type ToolInteractionStatus struct {
	JSONObject `json:",inline"`
}

// ToUnstructured returns what fits the definition.
func (o ToolInteractionStatus) ToUnstructured() interface{} { return o.fitting(o.OpenAPIDefinition()) }

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (ToolInteractionStatus) OpenAPIDefinition() common.OpenAPIDefinition {
	return openSchema("ToolInteractionStatus is the observed state of a ToolInteraction.", nil, properties{
		"phase": text("phase is the stage of the interaction.", "pending", "completed", "rejected", "expired"),
	})
}
