package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Tool{}, &ToolList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Tool is something a model can call: an HTTP request, a tool of an MCP server, an agent, a team or
// a builtin.
type Tool struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the tool.
	// +optional
	Spec ToolSpec `json:"spec,omitempty"`

	// status is the observed state of the tool.
	// +optional
	Status ToolStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ToolList is a list of Tools.
type ToolList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the tools.
	Items []Tool `json:"items"`
}

// ToolSpec is the wanted state of a Tool.
type ToolSpec struct {
	// type is the kind of tool. The block of the same name must be present.
	// +required
	// +k8s:required
	Type ToolType `json:"type"`

	// description is shown to the model.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// inputSchema is the JSON Schema of the arguments.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	InputSchema *JSONObject `json:"inputSchema,omitempty" patchStrategy:"replace"`

	// annotations are hints for clients, as MCP defines them.
	// +optional
	// +k8s:optional
	Annotations *ToolAnnotations `json:"annotations,omitempty"`

	// http describes the request of a tool of type http.
	// +optional
	// +k8s:optional
	HTTP *HTTPTool `json:"http,omitempty"`

	// mcp describes a tool of type mcp.
	// +optional
	// +k8s:optional
	MCP *MCPTool `json:"mcp,omitempty"`

	// agent is the agent behind a tool of type agent.
	// +optional
	// +k8s:optional
	Agent *ToolTarget `json:"agent,omitempty"`

	// team is the team behind a tool of type team.
	// +optional
	// +k8s:optional
	Team *ToolTarget `json:"team,omitempty"`

	// builtin is the builtin behind a tool of type builtin.
	// +optional
	// +k8s:optional
	Builtin *ToolTarget `json:"builtin,omitempty"`

	// approval asks a human before the tool is called.
	// +optional
	// +k8s:optional
	Approval *Approval `json:"approval,omitempty"`
}

// ToolType is the kind of a tool.
//
// +enum
// +k8s:enum
type ToolType string

const (
	// ToolTypeHTTP sends an HTTP request.
	ToolTypeHTTP ToolType = "http"
	// ToolTypeMCP calls a tool of an MCP server.
	ToolTypeMCP ToolType = "mcp"
	// ToolTypeAgent asks an agent.
	ToolTypeAgent ToolType = "agent"
	// ToolTypeTeam asks a team.
	ToolTypeTeam ToolType = "team"
	// ToolTypeBuiltin runs a builtin of the controller.
	ToolTypeBuiltin ToolType = "builtin"
)

// ToolAnnotations are hints about a tool. They mean what the Model Context Protocol says.
type ToolAnnotations struct {
	// title is a name for humans.
	// +optional
	// +k8s:optional
	Title *string `json:"title,omitempty"`

	// destructiveHint says whether the tool may destroy something. Absent means it may.
	// +optional
	// +k8s:optional
	DestructiveHint *bool `json:"destructiveHint,omitempty"`

	// idempotentHint says whether a repeated call changes nothing more. Absent means it may.
	// +optional
	// +k8s:optional
	IdempotentHint *bool `json:"idempotentHint,omitempty"`

	// openWorldHint says whether the tool reaches outside. Absent means it does.
	// +optional
	// +k8s:optional
	OpenWorldHint *bool `json:"openWorldHint,omitempty"`

	// readOnlyHint says whether the tool changes nothing. Absent means it may change something.
	// +optional
	// +k8s:optional
	ReadOnlyHint *bool `json:"readOnlyHint,omitempty"`
}

// HTTPMethod is an HTTP request method.
//
// +enum
// +k8s:enum
type HTTPMethod string

const (
	// MethodGet reads.
	MethodGet HTTPMethod = "GET"
	// MethodPost submits.
	MethodPost HTTPMethod = "POST"
	// MethodPut replaces.
	MethodPut HTTPMethod = "PUT"
	// MethodDelete removes.
	MethodDelete HTTPMethod = "DELETE"
	// MethodPatch changes.
	MethodPatch HTTPMethod = "PATCH"
)

// HTTPTool is a tool that sends an HTTP request.
type HTTPTool struct {
	// url to send the request to, http or https. It may contain {placeholders} for arguments.
	// +required
	// +k8s:required
	// +k8s:customValidation
	// +k8s:validation:pattern>^https?://.*
	URL string `json:"url"`

	// method is the request method.
	// +optional
	// +default="GET"
	// +k8s:optional
	Method HTTPMethod `json:"method,omitempty"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`

	// timeout limits the request: a whole number, in seconds unless s, m or h follows.
	// +optional
	// +k8s:optional
	// +k8s:customValidation
	// +k8s:validation:pattern>^[0-9]+[smh]?$
	Timeout string `json:"timeout,omitempty"`

	// body is the request body, a Go template.
	// +optional
	// +k8s:optional
	Body *string `json:"body,omitempty"`

	// bodyParameters are the values of the body's template.
	// +optional
	// +listType=atomic
	// +k8s:optional
	BodyParameters []Parameter `json:"bodyParameters,omitzero"`
}

// MCPTool is a tool of an MCP server.
type MCPTool struct {
	// mcpServerRef is the MCPServer that has the tool.
	// +required
	// +k8s:required
	MCPServerRef *NamedRef `json:"mcpServerRef"`

	// toolName is the name of the tool on that server.
	// +required
	// +k8s:required
	ToolName string `json:"toolName"`
}

// ToolTarget names what a tool wraps.
type ToolTarget struct {
	// name of the agent, team or builtin.
	// +required
	// +k8s:required
	Name string `json:"name"`
}

// ToolStatus is the observed state of a Tool.
type ToolStatus struct {
	// state is Ready once the tool can be called.
	// +optional
	// +k8s:optional
	State string `json:"state,omitempty"`

	// message explains the state.
	// +optional
	// +k8s:optional
	Message string `json:"message,omitempty"`
}
