package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&A2ATask{}, &A2ATaskList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// A2ATask is a task that runs on an A2A server on behalf of a query.
type A2ATask struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the A2A task.
	// +optional
	Spec A2ATaskSpec `json:"spec,omitempty"`

	// status is the observed state of the A2A task.
	// +optional
	Status A2ATaskStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// A2ATaskList is a list of A2ATasks.
type A2ATaskList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the A2A tasks.
	Items []A2ATask `json:"items"`
}

// A2ATaskSpec is the wanted state of an A2ATask.
type A2ATaskSpec struct {
	// queryRef is the query that caused the task.
	// +required
	// +k8s:required
	QueryRef *QueryRef `json:"queryRef"`

	// a2aServerRef is the server that is polled. Approval tasks have none.
	// +optional
	// +k8s:optional
	A2AServerRef *NamedRef `json:"a2aServerRef,omitempty"`

	// agentRef is the agent that executes the task.
	// +required
	// +k8s:required
	AgentRef *AgentRef `json:"agentRef"`

	// taskId is the protocol's ID of the task.
	// +required
	// +k8s:required
	TaskID string `json:"taskId"`

	// contextId is the protocol's context ID.
	// +optional
	// +k8s:optional
	ContextID *string `json:"contextId,omitempty"`

	// input is the text sent to the agent.
	// +optional
	// +k8s:optional
	Input *string `json:"input,omitempty"`

	// parameters are handed to the agent.
	// +optional
	// +k8s:optional
	Parameters map[string]string `json:"parameters,omitzero"`

	// priority of the task, the higher the earlier.
	// +optional
	// +default=0
	// +k8s:optional
	Priority *int32 `json:"priority,omitempty"`

	// timeout limits the polling.
	// +optional
	// +default="12h"
	// +k8s:optional
	Timeout Duration `json:"timeout,omitempty"`

	// ttl is how long the task is kept, counted from its creation.
	// +optional
	// +default="720h"
	// +k8s:optional
	TTL Duration `json:"ttl,omitempty"`

	// pollInterval is the time between two polls.
	// +optional
	// +default="5s"
	// +k8s:optional
	PollInterval Duration `json:"pollInterval,omitempty"`
}

// AgentRef names an agent.
type AgentRef struct {
	// name of the agent.
	// +optional
	// +k8s:optional
	Name *string `json:"name,omitempty"`

	// namespace of the agent. Defaults to the namespace of the task.
	// +optional
	// +k8s:optional
	Namespace *string `json:"namespace,omitempty"`
}

// A2ATaskPhase is a stage in the life of a task.
//
// +enum
// +k8s:enum
type A2ATaskPhase string

const (
	// A2ATaskPending has not started.
	A2ATaskPending A2ATaskPhase = "pending"
	// A2ATaskAssigned has an agent.
	A2ATaskAssigned A2ATaskPhase = "assigned"
	// A2ATaskRunning is being executed.
	A2ATaskRunning A2ATaskPhase = "running"
	// A2ATaskInputRequired waits for input.
	A2ATaskInputRequired A2ATaskPhase = "input-required"
	// A2ATaskAuthRequired waits for authentication.
	A2ATaskAuthRequired A2ATaskPhase = "auth-required"
	// A2ATaskCompleted has ended well.
	A2ATaskCompleted A2ATaskPhase = "completed"
	// A2ATaskFailed has ended badly.
	A2ATaskFailed A2ATaskPhase = "failed"
	// A2ATaskCancelled was cancelled.
	A2ATaskCancelled A2ATaskPhase = "cancelled"
	// A2ATaskUnknown has a state the server did not explain.
	A2ATaskUnknown A2ATaskPhase = "unknown"
)

// A2AProtocolState is a task state of the A2A protocol.
//
// +enum
// +k8s:enum
type A2AProtocolState string

const (
	// A2AStateSubmitted was received.
	A2AStateSubmitted A2AProtocolState = "submitted"
	// A2AStateWorking is being executed.
	A2AStateWorking A2AProtocolState = "working"
	// A2AStateInputRequired waits for input.
	A2AStateInputRequired A2AProtocolState = "input-required"
	// A2AStateCompleted has ended well.
	A2AStateCompleted A2AProtocolState = "completed"
	// A2AStateCanceled was canceled.
	A2AStateCanceled A2AProtocolState = "canceled"
	// A2AStateFailed has ended badly.
	A2AStateFailed A2AProtocolState = "failed"
	// A2AStateRejected was refused.
	A2AStateRejected A2AProtocolState = "rejected"
	// A2AStateAuthRequired waits for authentication.
	A2AStateAuthRequired A2AProtocolState = "auth-required"
	// A2AStateUnknown is not known.
	A2AStateUnknown A2AProtocolState = "unknown"
)

// A2ATaskStatus is the observed state of an A2ATask.
type A2ATaskStatus struct {
	// phase is the stage of the task. The first status write sets it to pending if it is absent.
	// +optional
	// +k8s:optional
	Phase A2ATaskPhase `json:"phase,omitempty"`

	// protocolState is the task's state as the server reported it.
	// +optional
	// +k8s:optional
	ProtocolState A2AProtocolState `json:"protocolState,omitempty"`

	// conditions of the task. The type "Completed" says whether it has ended.
	// +optional
	// +listType=atomic
	// +patchMergeKey=type
	// +patchStrategy=merge
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero" patchStrategy:"merge" patchMergeKey:"type"`

	// startTime is when the task started.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	StartTime *metav1.Time `json:"startTime,omitempty"`

	// completionTime is when the task ended.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	CompletionTime *metav1.Time `json:"completionTime,omitempty"`

	// error says what went wrong.
	// +optional
	// +k8s:optional
	Error string `json:"error,omitempty"`

	// contextId is the protocol's context ID.
	// +optional
	// +k8s:optional
	ContextID string `json:"contextId,omitempty"`

	// lastStatusTimestamp is when the server last reported, in RFC 3339.
	// +optional
	// +k8s:optional
	LastStatusTimestamp string `json:"lastStatusTimestamp,omitempty"`

	// protocolMetadata holds details of the protocol.
	// +optional
	// +k8s:optional
	ProtocolMetadata map[string]string `json:"protocolMetadata,omitzero"`

	// artifacts are the outputs.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Artifacts []A2AArtifact `json:"artifacts,omitzero"`

	// history are the messages exchanged.
	// +optional
	// +listType=atomic
	// +k8s:optional
	History []A2AMessage `json:"history,omitzero"`

	// lastStatusMessage is the message that came with the last report.
	// +optional
	// +k8s:optional
	LastStatusMessage *A2AMessage `json:"lastStatusMessage,omitempty"`
}

// A2AArtifact is an output of a task.
//
// +k8s:customValidation
type A2AArtifact struct {
	// artifactId identifies the artifact within the task.
	// +required
	// +k8s:required
	ArtifactID string `json:"artifactId"`

	// name of the artifact.
	// +optional
	// +k8s:optional
	Name *string `json:"name,omitempty"`

	// description is a text for humans.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// parts are the contents.
	// +required
	// +listType=atomic
	// +k8s:optional
	Parts []A2APart `json:"parts"`

	// metadata holds details.
	// +optional
	// +k8s:optional
	Metadata map[string]string `json:"metadata,omitzero"`
}

// A2ARole is who sent a message.
//
// +enum
// +k8s:enum
type A2ARole string

const (
	// A2ARoleUser is the client.
	A2ARoleUser A2ARole = "user"
	// A2ARoleAgent is the agent.
	A2ARoleAgent A2ARole = "agent"
	// A2ARoleSystem is the system.
	A2ARoleSystem A2ARole = "system"
)

// A2AMessage is a message of the A2A protocol.
//
// +k8s:customValidation
type A2AMessage struct {
	// messageId identifies the message.
	// +optional
	// +k8s:optional
	MessageID *string `json:"messageId,omitempty"`

	// role is who sent it.
	// +required
	// +k8s:required
	Role A2ARole `json:"role"`

	// parts are the contents.
	// +required
	// +listType=atomic
	// +k8s:optional
	Parts []A2APart `json:"parts"`

	// metadata holds details.
	// +optional
	// +k8s:optional
	Metadata map[string]string `json:"metadata,omitzero"`
}

// A2APartKind is the kind of a part.
//
// +enum
// +k8s:enum
type A2APartKind string

const (
	// A2APartText is a text.
	A2APartText A2APartKind = "text"
	// A2APartFile is a file.
	A2APartFile A2APartKind = "file"
	// A2APartData is structured data.
	A2APartData A2APartKind = "data"
)

// A2APart is a piece of a message or an artifact.
type A2APart struct {
	// kind of the part.
	// +required
	// +k8s:required
	Kind A2APartKind `json:"kind"`

	// text of a text part.
	// +optional
	// +k8s:optional
	Text *string `json:"text,omitempty"`

	// data of a file or data part, in base64.
	// +optional
	// +k8s:optional
	Data *string `json:"data,omitempty"`

	// mimeType of the data.
	// +optional
	// +k8s:optional
	MimeType *string `json:"mimeType,omitempty"`

	// uri is where the data can be fetched.
	// +optional
	// +k8s:optional
	URI *string `json:"uri,omitempty"`

	// metadata holds details.
	// +optional
	// +k8s:optional
	Metadata map[string]string `json:"metadata,omitzero"`
}
