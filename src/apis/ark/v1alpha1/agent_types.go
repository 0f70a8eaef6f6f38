package v1alpha1

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Agent{}, &AgentList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Agent is a language model with a prompt and tools, or a stand-in for a remote agent.
type Agent struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the agent.
	// +optional
	Spec AgentSpec `json:"spec,omitempty"`

	// status is the observed state of the agent.
	// +optional
	Status AgentStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// AgentList is a list of Agents.
type AgentList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the agents.
	Items []Agent `json:"items"`
}

// AgentSpec is the wanted state of an Agent.
type AgentSpec struct {
	// prompt is the system prompt, a Go template over the parameters.
	// +optional
	// +k8s:optional
	Prompt *string `json:"prompt,omitempty"`

	// description is a text for humans and for other agents.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// modelRef is the model the agent uses. If absent, it is set to the Model named "default",
	// unless the agent carries the annotation ark.ai/a2a-server-name.
	// +optional
	// +k8s:optional
	ModelRef *NamedRef `json:"modelRef,omitempty"`

	// executionEngine is the external engine that runs the agent. The reserved name "a2a" means a
	// remote agent behind an A2AServer.
	// +optional
	// +k8s:optional
	ExecutionEngine *NamedRef `json:"executionEngine,omitempty"`

	// tools are offered to the model.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Tools []AgentTool `json:"tools,omitzero"`

	// parameters are the values of the prompt's template.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Parameters []Parameter `json:"parameters,omitzero"`

	// outputSchema is the JSON Schema of structured answers.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	OutputSchema *JSONObject `json:"outputSchema,omitempty" patchStrategy:"replace"`

	// overrides add headers to requests to chosen models and MCP servers.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Overrides []Override `json:"overrides,omitzero"`

	// pod describes the ephemeral pod the agent runs in.
	// +optional
	// +k8s:optional
	Pod *AgentPod `json:"pod,omitempty"`

	// a2aPod describes how an agent in a pod is reached over A2A.
	// +optional
	// +k8s:optional
	A2APod *AgentA2APod `json:"a2aPod,omitempty"`
}

// AgentToolType is where a tool of an agent comes from.
//
// +enum
// +k8s:enum
type AgentToolType string

const (
	// AgentToolBuiltIn is a tool of the controller itself: noop or terminate.
	AgentToolBuiltIn AgentToolType = "built-in"
	// AgentToolCustom is any Tool object. Deprecated: name the type of the Tool.
	AgentToolCustom AgentToolType = "custom"
	// AgentToolMCP is a Tool of an MCP server.
	AgentToolMCP AgentToolType = "mcp"
	// AgentToolHTTP is a Tool that sends an HTTP request.
	AgentToolHTTP AgentToolType = "http"
	// AgentToolAgent is a Tool that asks an agent.
	AgentToolAgent AgentToolType = "agent"
	// AgentToolTeam is a Tool that asks a team.
	AgentToolTeam AgentToolType = "team"
	// AgentToolBuiltin is a Tool that wraps a builtin.
	AgentToolBuiltin AgentToolType = "builtin"
)

// AgentTool is a tool that an agent offers to its model.
type AgentTool struct {
	// type says where the tool comes from.
	// +required
	// +k8s:required
	Type AgentToolType `json:"type"`

	// name of the Tool, or the name the model sees if partial.name is set. A tool of type built-in
	// is either noop or terminate.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// description is shown to the model.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// functions process the tool's output, such as jq filters.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Functions []Parameter `json:"functions,omitzero"`

	// partial fixes some of the tool's arguments.
	// +optional
	// +k8s:optional
	Partial *ToolPartial `json:"partial,omitempty"`

	// approval asks a human before the tool is called.
	// +optional
	// +k8s:optional
	Approval *Approval `json:"approval,omitempty"`
}

// ToolPartial fixes arguments of a tool.
type ToolPartial struct {
	// name of the Tool object behind the exposed name.
	// +optional
	// +k8s:optional
	Name *string `json:"name,omitempty"`

	// parameters are arguments fixed by the author and hidden from the model.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Parameters []Parameter `json:"parameters,omitzero"`
}

// AgentPod is the ephemeral pod an agent runs in.
type AgentPod struct {
	// template of the pod.
	// +required
	// +k8s:required
	// +k8s:opaqueType
	Template *corev1.PodTemplateSpec `json:"template"`

	// timeout is how long the pod may run.
	// +optional
	// +k8s:optional
	Timeout Duration `json:"timeout,omitempty"`
}

// AgentA2APod is how an agent in a pod is reached over A2A.
type AgentA2APod struct {
	// port the agent listens on.
	// +optional
	// +default=8080
	// +k8s:optional
	Port *int32 `json:"port,omitempty"`

	// agentCardPath is the URL path of the agent card.
	// +optional
	// +default="/.well-known/agent-card.json"
	// +k8s:optional
	AgentCardPath *string `json:"agentCardPath,omitempty"`

	// readinessTimeout is how long to wait until the agent answers.
	// +optional
	// +k8s:optional
	ReadinessTimeout Duration `json:"readinessTimeout,omitempty"`
}

// AgentStatus is the observed state of an Agent.
type AgentStatus struct {
	// conditions of the agent. The type "Available" says whether the agent can be queried.
	// +optional
	// +listType=atomic
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero"`
}
