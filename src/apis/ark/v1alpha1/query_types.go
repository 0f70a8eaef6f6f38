package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Query{}, &QueryList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Query is a question to an agent, a team, a model or a tool, and its answer.
type Query struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the query.
	// +optional
	Spec QuerySpec `json:"spec,omitempty"`

	// status is the observed state of the query.
	// +optional
	Status QueryStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// QueryList is a list of Queries.
type QueryList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the queries.
	Items []Query `json:"items"`
}

// QuerySpec is the wanted state of a Query.
type QuerySpec struct {
	// type is the shape of the input.
	// +optional
	// +default="user"
	// +k8s:optional
	Type QueryType `json:"type,omitempty"`

	// input is a string for type user, an array of OpenAI chat messages for type messages.
	// +required
	// +patchStrategy=replace
	// +k8s:required
	Input *JSON `json:"input" patchStrategy:"replace"`

	// parameters are the values of the input's template.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Parameters []Parameter `json:"parameters,omitzero"`

	// target is who is asked. It wins over selector.
	// +optional
	// +k8s:optional
	Target *QueryTarget `json:"target,omitempty"`

	// targets is who is asked.
	//
	// Deprecated: use target.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Targets []QueryTarget `json:"targets,omitzero"`

	// selector picks by label who is asked, looking at agents, teams, models and tools in that
	// order.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	// +k8s:customValidation
	Selector *metav1.LabelSelector `json:"selector,omitempty"`

	// memory is where the conversation is kept. Absent means the Memory named "default", if there
	// is one.
	// +optional
	// +k8s:optional
	Memory *NamedRef `json:"memory,omitempty"`

	// serviceAccount is the identity the query runs with.
	// +optional
	// +k8s:optional
	ServiceAccount *string `json:"serviceAccount,omitempty"`

	// sessionId groups queries. Absent means the query's UID.
	// +optional
	// +k8s:optional
	SessionID *string `json:"sessionId,omitempty"`

	// conversationId is the thread in the memory.
	// +optional
	// +k8s:optional
	ConversationID *string `json:"conversationId,omitempty"`

	// ttl is how long the query is kept, counted from its creation. If absent, it is the queryTTL
	// of the ArkConfig named "default", or 720h.
	// +optional
	// +k8s:optional
	TTL Duration `json:"ttl,omitempty"`

	// timeout limits the execution.
	// +optional
	// +default="5m"
	// +k8s:optional
	Timeout Duration `json:"timeout,omitempty"`

	// cancel asks for cancellation if true.
	// +optional
	// +k8s:optional
	Cancel *bool `json:"cancel,omitempty"`

	// overrides add headers to requests to chosen models and MCP servers.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Overrides []Override `json:"overrides,omitzero"`

	// evaluators judge the answer.
	//
	// Deprecated: use Evaluation and Evaluator objects.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Evaluators []NamedRef `json:"evaluators,omitzero"`

	// evaluatorSelector picks evaluators by label.
	//
	// Deprecated: use Evaluation and Evaluator objects.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	// +k8s:customValidation
	EvaluatorSelector *metav1.LabelSelector `json:"evaluatorSelector,omitempty"`
}

// QueryType is the shape of a query's input.
//
// +enum
// +k8s:enum
type QueryType string

const (
	// QueryTypeUser is a plain text.
	QueryTypeUser QueryType = "user"
	// QueryTypeMessages is a list of chat messages.
	QueryTypeMessages QueryType = "messages"
)

// QueryTargetType is a kind that can be asked.
//
// +enum
// +k8s:enum
type QueryTargetType string

const (
	// TargetAgent is an Agent.
	TargetAgent QueryTargetType = "agent"
	// TargetTeam is a Team.
	TargetTeam QueryTargetType = "team"
	// TargetModel is a Model.
	TargetModel QueryTargetType = "model"
	// TargetTool is a Tool.
	TargetTool QueryTargetType = "tool"
)

// QueryTarget names who is asked.
type QueryTarget struct {
	// type is the kind of the target.
	// +required
	// +k8s:required
	Type QueryTargetType `json:"type"`

	// name of the target.
	// +required
	// +k8s:required
	Name string `json:"name"`
}

// QueryPhase is a stage in the life of a query.
//
// +enum
// +k8s:enum
type QueryPhase string

const (
	// QueryPending has not started.
	QueryPending QueryPhase = "pending"
	// QueryProvisioning waits for what executes it.
	QueryProvisioning QueryPhase = "provisioning"
	// QueryRunning is being executed.
	QueryRunning QueryPhase = "running"
	// QueryInputRequired waits for a human, such as one who approves a tool call.
	QueryInputRequired QueryPhase = "input-required"
	// QueryEvaluating is being judged. Deprecated: evaluations are objects of their own.
	QueryEvaluating QueryPhase = "evaluating"
	// QueryError has failed.
	QueryError QueryPhase = "error"
	// QueryDone has been answered.
	QueryDone QueryPhase = "done"
	// QueryCanceled was canceled.
	QueryCanceled QueryPhase = "canceled"
)

// QueryStatus is the observed state of a Query.
type QueryStatus struct {
	// phase is the stage of the query. The first status write sets it to pending if it is absent.
	// +optional
	// +k8s:optional
	Phase QueryPhase `json:"phase,omitempty"`

	// conditions of the query. The type "Completed" says whether it has ended.
	// +optional
	// +listType=atomic
	// +patchMergeKey=type
	// +patchStrategy=merge
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero" patchStrategy:"merge" patchMergeKey:"type"`

	// response is the answer.
	// +optional
	// +k8s:optional
	Response *QueryResponse `json:"response,omitempty"`

	// responses are the answers of several targets.
	//
	// Deprecated: use response.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Responses []QueryResponse `json:"responses,omitzero"`

	// tokenUsage counts the tokens the query consumed.
	// +optional
	TokenUsage TokenUsage `json:"tokenUsage,omitempty"`

	// conversationId is the thread in the memory.
	// +optional
	// +k8s:optional
	ConversationID string `json:"conversationId,omitempty"`

	// jobId is the ID of an external job that executes the query.
	// +optional
	// +k8s:optional
	JobID string `json:"jobId,omitempty"`

	// duration is how long the execution took.
	// +optional
	// +k8s:optional
	Duration Duration `json:"duration,omitempty"`

	// evaluations are judgements of the answer.
	//
	// Deprecated: use Evaluation objects.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Evaluations []QueryEvaluation `json:"evaluations,omitzero"`
}

// QueryResponse is an answer to a query.
type QueryResponse struct {
	// target is who answered.
	// +optional
	Target QueryTarget `json:"target,omitempty"`

	// content is the final text.
	// +optional
	// +k8s:optional
	Content *string `json:"content,omitempty"`

	// raw is the JSON text of all messages of the answer.
	// +optional
	// +k8s:optional
	Raw *string `json:"raw,omitempty"`

	// phase is done or error.
	// +optional
	// +k8s:optional
	Phase string `json:"phase,omitempty"`

	// a2a holds the identifiers of the A2A protocol.
	// +optional
	// +k8s:optional
	A2A *A2AIDs `json:"a2a,omitempty"`
}

// A2AIDs holds identifiers of the A2A protocol.
type A2AIDs struct {
	// contextId is the protocol's context ID.
	// +optional
	// +k8s:optional
	ContextID *string `json:"contextId,omitempty"`

	// taskId is the protocol's task ID.
	// +optional
	// +k8s:optional
	TaskID *string `json:"taskId,omitempty"`
}

// QueryEvaluation is a judgement of an answer. Deprecated: use Evaluation objects.
type QueryEvaluation struct {
	// evaluatorName is who judged.
	// +optional
	// +k8s:optional
	EvaluatorName string `json:"evaluatorName,omitempty"`

	// score is the result, 0 to 1.
	// +optional
	// +k8s:optional
	Score string `json:"score,omitempty"`

	// passed says whether the answer was good enough.
	// +optional
	// +k8s:optional
	Passed *bool `json:"passed,omitempty"`

	// metadata holds details.
	// +optional
	// +k8s:optional
	Metadata map[string]string `json:"metadata,omitzero"`
}
