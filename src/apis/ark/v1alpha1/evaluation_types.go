package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Evaluation{}, &EvaluationList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Evaluation is a judgement of an answer, or of many.
type Evaluation struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the evaluation.
	// +optional
	Spec EvaluationSpec `json:"spec,omitempty"`

	// status is the observed state of the evaluation.
	// +optional
	Status EvaluationStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// EvaluationList is a list of Evaluations.
type EvaluationList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the evaluations.
	Items []Evaluation `json:"items"`
}

// EvaluationSpec is the wanted state of an Evaluation.
type EvaluationSpec struct {
	// type is the mode.
	// +optional
	// +default="direct"
	// +k8s:optional
	Type EvaluationType `json:"type,omitempty"`

	// config says what to judge.
	// +required
	// +k8s:required
	Config *EvaluationConfig `json:"config"`

	// evaluator is who judges.
	// +optional
	// +k8s:optional
	Evaluator *EvaluatorRef `json:"evaluator,omitempty"`

	// ttl is how long the evaluation is kept. If absent, it is the evaluationTTL of the ArkConfig
	// named "default", or 720h.
	// +optional
	// +k8s:optional
	TTL Duration `json:"ttl,omitempty"`

	// timeout limits the execution.
	// +optional
	// +default="5m"
	// +k8s:optional
	Timeout Duration `json:"timeout,omitempty"`
}

// EvaluationType is a mode of evaluation.
//
// +enum
// +k8s:enum
type EvaluationType string

const (
	// EvaluationDirect judges a given pair of input and output.
	EvaluationDirect EvaluationType = "direct"
	// EvaluationBaseline judges against a baseline.
	EvaluationBaseline EvaluationType = "baseline"
	// EvaluationQuery judges a finished query.
	EvaluationQuery EvaluationType = "query"
	// EvaluationBatch aggregates other evaluations.
	EvaluationBatch EvaluationType = "batch"
	// EvaluationEvent judges by rules over events.
	EvaluationEvent EvaluationType = "event"
)

// EvaluationChildType is a mode of a child of a batch.
//
// +enum
// +k8s:enum
type EvaluationChildType string

const (
	// EvaluationChildDirect judges a given pair of input and output.
	EvaluationChildDirect EvaluationChildType = "direct"
	// EvaluationChildBaseline judges against a baseline.
	EvaluationChildBaseline EvaluationChildType = "baseline"
	// EvaluationChildQuery judges a finished query.
	EvaluationChildQuery EvaluationChildType = "query"
	// EvaluationChildEvent judges by rules over events.
	EvaluationChildEvent EvaluationChildType = "event"
)

// EvaluationConfig says what to judge. Each mode uses some of the fields.
type EvaluationConfig struct {
	// input is the question of mode direct.
	// +optional
	// +k8s:optional
	Input *string `json:"input,omitempty"`

	// output is the answer of mode direct.
	// +optional
	// +k8s:optional
	Output *string `json:"output,omitempty"`

	// queryRef is the finished query of mode query.
	// +optional
	// +k8s:optional
	QueryRef *QueryRef `json:"queryRef,omitempty"`

	// rules are the rules of mode event.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Rules []ExpressionRule `json:"rules,omitzero"`

	// evaluations are the evaluations that mode batch aggregates.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Evaluations []NamedRef `json:"evaluations,omitzero"`

	// items are evaluations that mode batch creates.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Items []EvaluationItem `json:"items,omitzero"`

	// template is the pattern of evaluations that mode batch creates for queries.
	// +optional
	// +k8s:optional
	Template *EvaluationTemplate `json:"template,omitempty"`

	// querySelector picks the queries for the template.
	// +optional
	// +k8s:optional
	// +k8s:opaqueType
	// +k8s:customValidation
	QuerySelector *metav1.LabelSelector `json:"querySelector,omitempty"`

	// concurrency is the number of children that run at a time. Defaults to 10, except in the
	// configurations of children.
	// +optional
	// +k8s:optional
	Concurrency *int32 `json:"concurrency,omitempty"`

	// continueOnFailure says whether a batch goes on after a child has failed. Defaults to false,
	// except in the configurations of children.
	// +optional
	// +k8s:optional
	ContinueOnFailure *bool `json:"continueOnFailure,omitempty"`
}

// ExpressionRule is a rule over events.
type ExpressionRule struct {
	// name of the rule.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// expression is the rule, in CEL.
	// +required
	// +k8s:required
	Expression string `json:"expression"`

	// description is a text for humans.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// weight is the rule's share in the score. Absent means 1.
	// +optional
	// +k8s:optional
	// +k8s:minimum=0
	Weight *int32 `json:"weight,omitempty"`
}

// EvaluatorRef names who judges, with parameters.
type EvaluatorRef struct {
	// name of the Evaluator.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// namespace of the Evaluator. Defaults to the namespace of the evaluation.
	// +optional
	// +k8s:optional
	Namespace *string `json:"namespace,omitempty"`

	// parameters are handed to the evaluator.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Parameters []Parameter `json:"parameters,omitzero"`
}

// EvaluationItem is an evaluation that a batch creates.
type EvaluationItem struct {
	// name of the evaluation.
	// +optional
	// +k8s:optional
	Name *string `json:"name,omitempty"`

	// type is the mode.
	// +required
	// +k8s:required
	Type EvaluationChildType `json:"type"`

	// config says what to judge.
	// +required
	// +k8s:required
	Config *EvaluationConfig `json:"config"`

	// evaluator is who judges.
	// +required
	// +k8s:required
	Evaluator *EvaluatorRef `json:"evaluator"`

	// ttl is how long the evaluation is kept.
	// +optional
	// +k8s:optional
	TTL Duration `json:"ttl,omitempty"`

	// timeout limits the execution.
	// +optional
	// +k8s:optional
	Timeout Duration `json:"timeout,omitempty"`
}

// EvaluationTemplate is the pattern of evaluations that a batch creates.
type EvaluationTemplate struct {
	// namePrefix starts the names of the evaluations.
	// +optional
	// +k8s:optional
	NamePrefix *string `json:"namePrefix,omitempty"`

	// type is the mode.
	// +required
	// +k8s:required
	Type EvaluationChildType `json:"type"`

	// config says what to judge.
	// +required
	// +k8s:required
	Config *EvaluationConfig `json:"config"`

	// evaluator is who judges.
	// +required
	// +k8s:required
	Evaluator *EvaluatorRef `json:"evaluator"`

	// parameters are handed to the evaluator.
	// +optional
	// +listType=atomic
	// +k8s:optional
	Parameters []Parameter `json:"parameters,omitzero"`
}

// EvaluationPhase is a stage in the life of an evaluation.
//
// +enum
// +k8s:enum
type EvaluationPhase string

const (
	// EvaluationPhasePending has not started.
	EvaluationPhasePending EvaluationPhase = "pending"
	// EvaluationPhaseRunning is being executed.
	EvaluationPhaseRunning EvaluationPhase = "running"
	// EvaluationPhaseError has failed.
	EvaluationPhaseError EvaluationPhase = "error"
	// EvaluationPhaseDone has a result.
	EvaluationPhaseDone EvaluationPhase = "done"
	// EvaluationPhaseCanceled was canceled.
	EvaluationPhaseCanceled EvaluationPhase = "canceled"
)

// EvaluationStatus is the observed state of an Evaluation.
type EvaluationStatus struct {
	// phase is the stage of the evaluation.
	// +optional
	// +k8s:optional
	Phase EvaluationPhase `json:"phase,omitempty"`

	// conditions of the evaluation. The type "Completed" says whether it has ended.
	// +optional
	// +listType=atomic
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero"`

	// message explains the phase.
	// +optional
	// +k8s:optional
	Message string `json:"message,omitempty"`

	// score is the result, 0 to 1, as text.
	// +optional
	// +k8s:optional
	Score *UnitInterval `json:"score,omitempty"`

	// passed says whether the answer was good enough.
	// +optional
	Passed bool `json:"passed"`

	// tokenUsage counts the tokens the evaluation consumed.
	// +optional
	// +k8s:optional
	TokenUsage *TokenUsage `json:"tokenUsage,omitempty"`

	// duration is how long the execution took.
	// +optional
	// +k8s:optional
	Duration Duration `json:"duration,omitempty"`

	// batchProgress counts the children of a batch.
	// +optional
	// +k8s:optional
	BatchProgress *BatchProgress `json:"batchProgress,omitempty"`
}

// BatchProgress counts the children of a batch.
type BatchProgress struct {
	// total is the number of children.
	// +optional
	// +k8s:optional
	Total *int32 `json:"total,omitempty"`

	// completed is the number of children with a result.
	// +optional
	// +k8s:optional
	Completed *int32 `json:"completed,omitempty"`

	// failed is the number of children that failed.
	// +optional
	// +k8s:optional
	Failed *int32 `json:"failed,omitempty"`

	// running is the number of children that run.
	// +optional
	// +k8s:optional
	Running *int32 `json:"running,omitempty"`

	// childEvaluations are the results so far.
	// +optional
	// +listType=atomic
	// +k8s:optional
	ChildEvaluations []ChildEvaluationStatus `json:"childEvaluations,omitzero"`
}

// ChildEvaluationStatus is the state of a child of a batch.
type ChildEvaluationStatus struct {
	// name of the evaluation.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// phase is the stage of the evaluation.
	// +optional
	// +k8s:optional
	Phase EvaluationPhase `json:"phase,omitempty"`

	// score is the result, 0 to 1, as text.
	// +optional
	// +k8s:optional
	Score string `json:"score,omitempty"`

	// passed says whether the answer was good enough.
	// +optional
	Passed bool `json:"passed"`

	// message explains the phase.
	// +optional
	// +k8s:optional
	Message string `json:"message,omitempty"`
}
