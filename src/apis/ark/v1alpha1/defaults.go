package v1alpha1

import "k8s.io/utils/ptr"

// Annotations that the server reads or writes.
const (
	// AnnotationA2AServerName marks an Agent that an A2AServer made. Such an agent needs no model.
	AnnotationA2AServerName = GroupName + "/a2a-server-name"

	// AnnotationToolTypeCustom warns that an Agent uses the deprecated tool type custom.
	AnnotationToolTypeCustom = GroupName + "/migration-warning-tool-type-custom"

	// AnnotationProvider warns that a Model named its provider in spec.type.
	AnnotationProvider = GroupName + "/migration-warning-provider"
)

// defaultModel is the name of the Model of agents that name none.
const defaultModel = "default"

// SetDefaults_EvaluationSpec is a scheme default, like those marked +default. It is written by hand
// because the configurations of a batch's children, which have the same type, get no defaults.
func SetDefaults_EvaluationSpec(spec *EvaluationSpec) {
	if spec.Config == nil {
		return
	}
	if spec.Config.Concurrency == nil {
		spec.Config.Concurrency = ptr.To[int32](10)
	}
	if spec.Config.ContinueOnFailure == nil {
		spec.Config.ContinueOnFailure = ptr.To(false)
	}
}

// The functions below rewrite an object on writes to its main resource, before it is validated.
// They are not scheme defaults, because those also run on reads and on status writes, where a
// stored object must come back as it is. All are idempotent.

// DefaultAgent gives an agent without a model the Model "default", unless an A2AServer made the
// agent, and marks an agent that uses the deprecated tool type custom.
func DefaultAgent(agent *Agent) {
	if _, remote := agent.Annotations[AnnotationA2AServerName]; agent.Spec.ModelRef == nil && !remote {
		agent.Spec.ModelRef = &NamedRef{Name: defaultModel}
	}
	for _, tool := range agent.Spec.Tools {
		if tool.Type == AgentToolCustom {
			annotate(&agent.Annotations, AnnotationToolTypeCustom,
				"tool type custom is deprecated; use the type of the Tool: http, mcp, agent, team or builtin")
			break
		}
	}
}

// DefaultModel moves a provider that is named in spec.type, where it once belonged, to
// spec.provider.
func DefaultModel(model *Model) {
	if model.Spec.Provider != "" || !isProvider(ModelProvider(model.Spec.Type)) {
		return
	}
	model.Spec.Provider = ModelProvider(model.Spec.Type)
	model.Spec.Type = ModelTypeCompletions
	annotate(&model.Annotations, AnnotationProvider,
		"spec.type named the provider; it was moved to spec.provider")
}

// DefaultQueryStatus starts the life of a query at its first status write.
func DefaultQueryStatus(query *Query) {
	if query.Status.Phase == "" {
		query.Status.Phase = QueryPending
	}
}

// DefaultA2ATaskStatus starts the life of a task at its first status write.
func DefaultA2ATaskStatus(task *A2ATask) {
	if task.Status.Phase == "" {
		task.Status.Phase = A2ATaskPending
	}
}

func isProvider(provider ModelProvider) bool {
	switch provider {
	case ProviderOpenAI, ProviderAzure, ProviderBedrock, ProviderAnthropic:
		return true
	}
	return false
}

func annotate(annotations *map[string]string, key, value string) {
	if *annotations == nil {
		*annotations = map[string]string{}
	}
	(*annotations)[key] = value
}
