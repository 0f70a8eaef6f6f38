package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/common"
)

func init() { register(&Workspace{}, &WorkspaceList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Workspace is a place for the files that agents work on.
type Workspace struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the workspace.
	// +optional
	// +k8s:optional
	Spec *WorkspaceSpec `json:"spec,omitempty"`

	// status is the observed state of the workspace.
	// +optional
	// +k8s:optional
	Status *WorkspaceStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// WorkspaceList is a list of Workspaces.
type WorkspaceList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the workspaces.
	Items []Workspace `json:"items"`
}

// WorkspaceSpec is the wanted state of a Workspace. Fields that are not described are kept, too.
type WorkspaceSpec struct {
	JSONObject `json:",inline"`
}

// ToUnstructured returns what fits the definition.
func (o WorkspaceSpec) ToUnstructured() interface{} { return o.fitting(o.OpenAPIDefinition()) }

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (WorkspaceSpec) OpenAPIDefinition() common.OpenAPIDefinition {
	return openSchema("WorkspaceSpec is the wanted state of a Workspace.", nil, properties{
		"environment": object("environment is where the workspace is used.", nil, properties{
			"image": text("image is the container image."),
		}),
		"content": object("content is what the workspace starts with: one of git, objectStorage, archive and empty.", nil, properties{
			"git":           object("git is a repository.", nil, nil),
			"objectStorage": object("objectStorage is a bucket.", nil, nil),
			"archive":       object("archive is a file to unpack.", nil, nil),
			"empty":         object("empty is nothing.", nil, nil),
		}),
		"mountPath":  text("mountPath is where the files appear."),
		"persistent": boolean("persistent keeps the files after they were used."),
		"storage":    anything("storage is the volume."),
		"ttl":        text("ttl is how long the workspace is kept."),
		"autoCommit": anything("autoCommit says whether changes are committed."),
	})
}

// WorkspaceStatus is the observed state of a Workspace. Fields that are not described are kept,
// too.
type WorkspaceStatus struct {
	JSONObject `json:",inline"`
}

// ToUnstructured returns what fits the definition.
func (o WorkspaceStatus) ToUnstructured() interface{} { return o.fitting(o.OpenAPIDefinition()) }

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (WorkspaceStatus) OpenAPIDefinition() common.OpenAPIDefinition {
	return openSchema("WorkspaceStatus is the observed state of a Workspace.", nil, properties{
		"phase":      text("phase is the stage of the workspace.", "Pending", "Provisioning", "Ready", "Error", "Terminating"),
		"pvcName":    text("pvcName is the claim of the volume."),
		"path":       text("path is where the files are in the volume."),
		"conditions": list("conditions of the workspace.", 0),
	})
}
