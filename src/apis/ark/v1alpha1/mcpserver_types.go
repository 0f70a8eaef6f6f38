package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&MCPServer{}, &MCPServerList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// MCPServer is a server of the Model Context Protocol, whose tools become Tool objects.
type MCPServer struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the MCP server.
	// +optional
	Spec MCPServerSpec `json:"spec,omitempty"`

	// status is the observed state of the MCP server.
	// +optional
	Status MCPServerStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// MCPServerList is a list of MCPServers.
type MCPServerList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the MCP servers.
	Items []MCPServer `json:"items"`
}

// MCPServerSpec is the wanted state of an MCPServer.
type MCPServerSpec struct {
	// address is the URL of the server.
	// +required
	// +k8s:required
	Address *ValueSource `json:"address"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`

	// timeout limits the connection set-up, and tool calls if toolCallTimeout is absent.
	// +optional
	// +default="30s"
	// +k8s:optional
	Timeout *string `json:"timeout,omitempty"`

	// toolCallTimeout limits one tool call, such as 90s or 1m30s.
	// +optional
	// +k8s:optional
	// +k8s:customValidation
	// +k8s:validation:pattern>^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$
	ToolCallTimeout string `json:"toolCallTimeout,omitempty"`

	// transport is the protocol's transport.
	// +optional
	// +default="http"
	// +k8s:optional
	Transport MCPTransport `json:"transport,omitempty"`

	// description is a text for humans.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// pollInterval is the time between two discoveries of tools. It must not be negative.
	// +optional
	// +default="1m"
	// +k8s:optional
	PollInterval Duration `json:"pollInterval,omitempty"`

	// authorization is how to authorize against the server.
	// +optional
	// +k8s:optional
	Authorization *MCPServerAuthorization `json:"authorization,omitempty"`
}

// MCPTransport is a transport of the Model Context Protocol.
//
// +enum
// +k8s:enum
type MCPTransport string

const (
	// MCPTransportHTTP is streamable HTTP.
	MCPTransportHTTP MCPTransport = "http"
	// MCPTransportSSE is server-sent events.
	MCPTransportSSE MCPTransport = "sse"
)

// MCPServerAuthorization is how to authorize against an MCP server.
type MCPServerAuthorization struct {
	// tokenSecretRef is the Secret with the OAuth tokens.
	// +required
	// +k8s:required
	TokenSecretRef *TokenSecretRef `json:"tokenSecretRef"`
}

// TokenSecretRef names a Secret with OAuth tokens and the keys in it.
type TokenSecretRef struct {
	// name of the Secret.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// accessTokenKey is the key of the access token.
	// +optional
	// +default="access_token"
	// +k8s:optional
	AccessTokenKey *string `json:"accessTokenKey,omitempty"`

	// refreshTokenKey is the key of the refresh token.
	// +optional
	// +default="refresh_token"
	// +k8s:optional
	RefreshTokenKey *string `json:"refreshTokenKey,omitempty"`

	// expiresAtKey is the key of the time the access token expires.
	// +optional
	// +default="expires_at"
	// +k8s:optional
	ExpiresAtKey *string `json:"expiresAtKey,omitempty"`

	// clientIDKey is the key of the client ID.
	// +optional
	// +default="client_id"
	// +k8s:optional
	ClientIDKey *string `json:"clientIDKey,omitempty"`

	// clientSecretKey is the key of the client secret.
	// +optional
	// +default="client_secret"
	// +k8s:optional
	ClientSecretKey *string `json:"clientSecretKey,omitempty"`
}

// MCPServerStatus is the observed state of an MCPServer.
type MCPServerStatus struct {
	// resolvedAddress is the URL in use.
	// +optional
	// +k8s:optional
	ResolvedAddress string `json:"resolvedAddress,omitempty"`

	// toolCount is the number of tools found.
	// +optional
	// +k8s:optional
	ToolCount *int32 `json:"toolCount,omitempty"`

	// authorization is what was found out about authorization.
	// +optional
	// +k8s:optional
	Authorization *MCPServerAuthorizationStatus `json:"authorization,omitempty"`

	// conditions of the server: "Available" and "Discovering".
	// +optional
	// +listType=atomic
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero"`
}

// MCPAuthorizationState is the state of the authorization against an MCP server.
//
// +enum
// +k8s:enum
type MCPAuthorizationState string

const (
	// MCPAuthorizationRequired means that somebody must authorize.
	MCPAuthorizationRequired MCPAuthorizationState = "Required"
	// MCPAuthorizationDiscoveryFailed means that the way to authorize was not found.
	MCPAuthorizationDiscoveryFailed MCPAuthorizationState = "DiscoveryFailed"
	// MCPAuthorizationAuthorized means that the server can be used.
	MCPAuthorizationAuthorized MCPAuthorizationState = "Authorized"
)

// MCPServerAuthorizationStatus is what was found out about authorization.
type MCPServerAuthorizationStatus struct {
	// state of the authorization.
	// +optional
	// +k8s:optional
	State MCPAuthorizationState `json:"state,omitempty"`

	// resource is the identifier of the protected resource.
	// +optional
	// +k8s:optional
	Resource string `json:"resource,omitempty"`

	// resourceMetadataURL is where the resource's metadata was found.
	// +optional
	// +k8s:optional
	ResourceMetadataURL string `json:"resourceMetadataURL,omitempty"`

	// resourceName is the resource's name for humans.
	// +optional
	// +k8s:optional
	ResourceName string `json:"resourceName,omitempty"`

	// registrationEndpoint is where clients register.
	// +optional
	// +k8s:optional
	RegistrationEndpoint string `json:"registrationEndpoint,omitempty"`

	// authorizationEndpoint is where users authorize.
	// +optional
	// +k8s:optional
	AuthorizationEndpoint string `json:"authorizationEndpoint,omitempty"`

	// tokenEndpoint is where tokens are issued.
	// +optional
	// +k8s:optional
	TokenEndpoint string `json:"tokenEndpoint,omitempty"`

	// authorizationServers are the issuers.
	// +optional
	// +listType=atomic
	// +k8s:optional
	AuthorizationServers []string `json:"authorizationServers,omitzero"`

	// scopesSupported are the scopes a client may ask for.
	// +optional
	// +listType=atomic
	// +k8s:optional
	ScopesSupported []string `json:"scopesSupported,omitzero"`

	// grantTypesSupported are the grants a client may use.
	// +optional
	// +listType=atomic
	// +k8s:optional
	GrantTypesSupported []string `json:"grantTypesSupported,omitzero"`

	// lastDiscovered is when this was found out.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	LastDiscovered *metav1.Time `json:"lastDiscovered,omitempty"`

	// expiresAt is when the access token expires.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	ExpiresAt *metav1.Time `json:"expiresAt,omitempty"`
}
