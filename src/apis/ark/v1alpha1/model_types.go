package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Model{}, &ModelList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Model is a language model behind a provider's API.
type Model struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the model.
	// +optional
	Spec ModelSpec `json:"spec,omitempty"`

	// status is the observed state of the model.
	// +optional
	Status ModelStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ModelList is a list of Models.
type ModelList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the models.
	Items []Model `json:"items"`
}

// ModelSpec is the wanted state of a Model.
type ModelSpec struct {
	// model is the provider's name of the model.
	// +required
	// +k8s:required
	Model *ValueSource `json:"model"`

	// type is what the model does. A provider's name is a legacy value: if provider is absent, it
	// moves there.
	// +optional
	// +default="completions"
	// +k8s:optional
	Type ModelType `json:"type,omitempty"`

	// provider is the API to speak.
	// +required
	// +k8s:required
	Provider ModelProvider `json:"provider"`

	// config holds the settings of the provider. The block of the provider must be present, others
	// are tolerated.
	// +required
	// +k8s:required
	Config *ModelConfig `json:"config"`

	// pollInterval is the time between two probes of the model.
	// +optional
	// +default="1m"
	// +k8s:optional
	PollInterval Duration `json:"pollInterval,omitempty"`
}

// ModelType is what a model does.
//
// +enum
// +k8s:enum
type ModelType string

const (
	// ModelTypeCompletions is a chat completion model.
	ModelTypeCompletions ModelType = "completions"
	// ModelTypeOpenAI is a legacy value that names a provider.
	ModelTypeOpenAI ModelType = "openai"
	// ModelTypeAzure is a legacy value that names a provider.
	ModelTypeAzure ModelType = "azure"
	// ModelTypeBedrock is a legacy value that names a provider.
	ModelTypeBedrock ModelType = "bedrock"
	// ModelTypeAnthropic is a legacy value that names a provider.
	ModelTypeAnthropic ModelType = "anthropic"
)

// ModelProvider is the API through which a model is reached.
//
// +enum
// +k8s:enum
type ModelProvider string

const (
	// ProviderOpenAI is OpenAI's API, and those like it.
	ProviderOpenAI ModelProvider = "openai"
	// ProviderAzure is Azure OpenAI.
	ProviderAzure ModelProvider = "azure"
	// ProviderBedrock is Amazon Bedrock.
	ProviderBedrock ModelProvider = "bedrock"
	// ProviderAnthropic is Anthropic's API.
	ProviderAnthropic ModelProvider = "anthropic"
)

// ModelConfig holds one block of settings per provider.
type ModelConfig struct {
	// openai holds the settings of provider openai.
	// +optional
	// +k8s:optional
	OpenAI *OpenAIModelConfig `json:"openai,omitempty"`

	// azure holds the settings of provider azure.
	// +optional
	// +k8s:optional
	Azure *AzureModelConfig `json:"azure,omitempty"`

	// bedrock holds the settings of provider bedrock.
	// +optional
	// +k8s:optional
	Bedrock *BedrockModelConfig `json:"bedrock,omitempty"`

	// anthropic holds the settings of provider anthropic.
	// +optional
	// +k8s:optional
	Anthropic *AnthropicModelConfig `json:"anthropic,omitempty"`
}

// OpenAIModelConfig holds the settings of an OpenAI-like API.
type OpenAIModelConfig struct {
	// baseUrl is the URL of the API.
	// +required
	// +k8s:required
	BaseURL *ValueSource `json:"baseUrl"`

	// apiKey authenticates against the API.
	// +required
	// +k8s:required
	APIKey *ValueSource `json:"apiKey"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`

	// properties are parameters of the model, such as temperature. A strategic merge patch replaces
	// them all.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	Properties map[string]ValueSource `json:"properties,omitzero" patchStrategy:"replace"`
}

// AzureModelConfig holds the settings of Azure OpenAI.
type AzureModelConfig struct {
	// baseUrl is the URL of the API.
	// +required
	// +k8s:required
	BaseURL *ValueSource `json:"baseUrl"`

	// apiKey authenticates against the API.
	//
	// Deprecated: use auth.apiKey.
	// +optional
	// +k8s:optional
	APIKey *ValueSource `json:"apiKey,omitempty"`

	// auth is how to authenticate against the API.
	// +optional
	// +k8s:optional
	Auth *AzureAuth `json:"auth,omitempty"`

	// apiVersion is the version of Azure's API.
	// +optional
	// +k8s:optional
	APIVersion *ValueSource `json:"apiVersion,omitempty"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`

	// properties are parameters of the model, such as temperature. A strategic merge patch replaces
	// them all.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	Properties map[string]ValueSource `json:"properties,omitzero" patchStrategy:"replace"`
}

// AzureAuth is how to authenticate against Azure OpenAI.
type AzureAuth struct {
	// apiKey is a key of the API.
	// +optional
	// +k8s:optional
	APIKey *ValueSource `json:"apiKey,omitempty"`

	// managedIdentity is an identity that Azure gives to machines.
	// +optional
	// +k8s:optional
	ManagedIdentity *AzureManagedIdentity `json:"managedIdentity,omitempty"`

	// workloadIdentity is an identity that Azure gives to pods.
	// +optional
	// +k8s:optional
	WorkloadIdentity *AzureWorkloadIdentity `json:"workloadIdentity,omitempty"`
}

// AzureManagedIdentity is an identity that Azure gives to machines.
type AzureManagedIdentity struct {
	// clientId tells a user-assigned identity from others. Absent means the one assigned by the
	// system.
	// +optional
	// +k8s:optional
	ClientID *ValueSource `json:"clientId,omitempty"`
}

// AzureWorkloadIdentity is an identity that Azure gives to pods.
type AzureWorkloadIdentity struct {
	// clientId is the application's ID.
	// +required
	// +k8s:required
	ClientID *ValueSource `json:"clientId"`

	// tenantId is the ID of the directory.
	// +required
	// +k8s:required
	TenantID *ValueSource `json:"tenantId"`
}

// BedrockModelConfig holds the settings of Amazon Bedrock.
type BedrockModelConfig struct {
	// apiKey is a key of the API, which takes the place of an access key.
	// +optional
	// +k8s:optional
	APIKey *ValueSource `json:"apiKey,omitempty"`

	// region is the AWS region.
	// +optional
	// +k8s:optional
	Region *ValueSource `json:"region,omitempty"`

	// baseUrl is the URL of the API, if not AWS's own.
	// +optional
	// +k8s:optional
	BaseURL *ValueSource `json:"baseUrl,omitempty"`

	// accessKeyId is the AWS access key ID.
	// +optional
	// +k8s:optional
	AccessKeyID *ValueSource `json:"accessKeyId,omitempty"`

	// secretAccessKey is the AWS secret access key.
	// +optional
	// +k8s:optional
	SecretAccessKey *ValueSource `json:"secretAccessKey,omitempty"`

	// sessionToken is the AWS session token.
	// +optional
	// +k8s:optional
	SessionToken *ValueSource `json:"sessionToken,omitempty"`

	// modelArn is the ARN of the model or inference profile.
	// +optional
	// +k8s:optional
	ModelARN *ValueSource `json:"modelArn,omitempty"`

	// maxTokens limits the tokens of one answer, 1 to 100000.
	// +optional
	// +k8s:optional
	// +k8s:minimum=1
	// +k8s:maximum=100000
	MaxTokens *int32 `json:"maxTokens,omitempty"`

	// temperature is the sampling temperature, 0 to 1, as text.
	// +optional
	// +k8s:optional
	Temperature *UnitInterval `json:"temperature,omitempty"`

	// properties are parameters of the model. A strategic merge patch replaces them all.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	Properties map[string]ValueSource `json:"properties,omitzero" patchStrategy:"replace"`
}

// AnthropicModelConfig holds the settings of Anthropic's API.
type AnthropicModelConfig struct {
	// baseUrl is the URL of the API.
	// +required
	// +k8s:required
	BaseURL *ValueSource `json:"baseUrl"`

	// apiKey authenticates against the API.
	// +required
	// +k8s:required
	APIKey *ValueSource `json:"apiKey"`

	// version is the version of the API.
	// +optional
	// +k8s:optional
	Version *ValueSource `json:"version,omitempty"`

	// headers are sent with each request.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Headers []Header `json:"headers,omitzero"`

	// properties are parameters of the model, such as temperature. A strategic merge patch replaces
	// them all.
	// +optional
	// +patchStrategy=replace
	// +k8s:optional
	Properties map[string]ValueSource `json:"properties,omitzero" patchStrategy:"replace"`
}

// ModelStatus is the observed state of a Model.
type ModelStatus struct {
	// resolvedAddress is the base URL in use.
	// +optional
	// +k8s:optional
	ResolvedAddress string `json:"resolvedAddress,omitempty"`

	// conditions of the model. The type "ModelAvailable" says whether it answers.
	// +optional
	// +listType=atomic
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero"`

	// phase is running, ready or error.
	//
	// Deprecated: use the condition ModelAvailable.
	// +optional
	// +k8s:optional
	Phase string `json:"phase,omitempty"`

	// message explains the phase.
	//
	// Deprecated: use the condition ModelAvailable.
	// +optional
	// +k8s:optional
	Message string `json:"message,omitempty"`
}
