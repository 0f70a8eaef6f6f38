package registry

import (
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// resources is the table of kinds. A new kind is a row here and its types.
var resources = []resource{
	row(kind[v1alpha1.Agent, v1alpha1.AgentList]{
		plural: "agents",
		columns: columns(
			text("Model", ".spec.modelRef.name"),
			condition("Available", "Available"),
			wide(text("Engine", ".spec.executionEngine.name")),
		),
		selectable: func(a *v1alpha1.Agent) fields.Set {
			return fields.Set{
				"spec.modelRef.name":        name(a.Spec.ModelRef),
				"spec.executionEngine.name": name(a.Spec.ExecutionEngine),
			}
		},
		setDefaults: v1alpha1.DefaultAgent,
		validate:    v1alpha1.ValidateAgent,
		warn:        v1alpha1.WarnAgent,
		restoreJSON: func(a, old *v1alpha1.Agent) { a.Spec.OutputSchema.RestorePatched(old.Spec.OutputSchema) },
	}),
	row(kind[v1alpha1.Model, v1alpha1.ModelList]{
		plural: "models",
		columns: columns(
			text("Type", ".spec.type"),
			text("Provider", ".spec.provider"),
			text("Model", ".spec.model.value"),
			condition("Available", "ModelAvailable"),
			wide(text("Address", ".status.resolvedAddress")),
		),
		selectable: func(m *v1alpha1.Model) fields.Set {
			return fields.Set{
				"spec.provider": string(m.Spec.Provider),
				"spec.type":     string(m.Spec.Type),
			}
		},
		setDefaults: v1alpha1.DefaultModel,
		validate:    v1alpha1.ValidateModel,
	}),
	row(kind[v1alpha1.Tool, v1alpha1.ToolList]{
		plural: "tools",
		columns: columns(
			text("Type", ".spec.type"),
			text("State", ".status.state"),
			wide(text("Description", ".spec.description")),
		),
		selectable: func(t *v1alpha1.Tool) fields.Set {
			return fields.Set{
				"spec.type":    string(t.Spec.Type),
				"status.state": t.Status.State,
			}
		},
		validate:    v1alpha1.ValidateTool,
		restoreJSON: func(t, old *v1alpha1.Tool) { t.Spec.InputSchema.RestorePatched(old.Spec.InputSchema) },
	}),
	row(kind[v1alpha1.Team, v1alpha1.TeamList]{
		plural: "teams",
		columns: columns(
			text("Strategy", ".spec.strategy"),
			condition("Available", "Available"),
		),
		selectable: func(t *v1alpha1.Team) fields.Set {
			return fields.Set{"spec.strategy": string(t.Spec.Strategy)}
		},
		validate: v1alpha1.ValidateTeam,
		warn:     v1alpha1.WarnTeam,
	}),
	row(kind[v1alpha1.Query, v1alpha1.QueryList]{
		plural: "queries",
		columns: columns(
			text("Type", ".spec.type"),
			text("Phase", ".status.phase"),
			text("Duration", ".status.duration"),
			wide(text("Target", ".spec.target.name")),
			wide(text("Session", ".spec.sessionId")),
		),
		selectable: func(q *v1alpha1.Query) fields.Set {
			var target v1alpha1.QueryTarget
			if q.Spec.Target != nil {
				target = *q.Spec.Target
			}
			return fields.Set{
				"status.phase":        string(q.Status.Phase),
				"spec.sessionId":      ptr.Deref(q.Spec.SessionID, ""),
				"spec.conversationId": ptr.Deref(q.Spec.ConversationID, ""),
				"spec.type":           string(q.Spec.Type),
				"spec.target.type":    string(target.Type),
				"spec.target.name":    target.Name,
			}
		},
		indexed: []string{"spec.sessionId", "status.phase"},
		ttl: func(q *v1alpha1.Query, config v1alpha1.ArkConfigSpec) (*v1alpha1.Duration, v1alpha1.Duration) {
			return &q.Spec.TTL, config.QueryTTL
		},
		setStatusDefaults: v1alpha1.DefaultQueryStatus,
		validate:          v1alpha1.ValidateQuery,
		warn:              v1alpha1.WarnQuery,
		restoreJSON:       func(q, old *v1alpha1.Query) { q.Spec.Input.RestorePatched(old.Spec.Input) },
	}),
	row(kind[v1alpha1.Memory, v1alpha1.MemoryList]{
		plural: "memories",
		columns: columns(
			text("Phase", ".status.phase"),
			text("Address", ".status.lastResolvedAddress"),
		),
		selectable: func(m *v1alpha1.Memory) fields.Set {
			return fields.Set{"status.phase": string(m.Status.Phase)}
		},
	}),
	row(kind[v1alpha1.MCPServer, v1alpha1.MCPServerList]{
		plural: "mcpservers",
		columns: columns(
			condition("Available", "Available"),
			condition("Discovering", "Discovering"),
			integer("Tools", ".status.toolCount"),
			text("Auth", ".status.authorization.state"),
			wide(text("Address", ".status.resolvedAddress")),
		),
		selectable: func(s *v1alpha1.MCPServer) fields.Set {
			var state v1alpha1.MCPAuthorizationState
			if s.Status.Authorization != nil {
				state = s.Status.Authorization.State
			}
			return fields.Set{
				"spec.transport":             string(s.Spec.Transport),
				"status.authorization.state": string(state),
			}
		},
		validate: v1alpha1.ValidateMCPServer,
	}),
	row(kind[v1alpha1.Evaluation, v1alpha1.EvaluationList]{
		plural: "evaluations",
		columns: columns(
			text("Type", ".spec.type"),
			text("Phase", ".status.phase"),
			text("Score", ".status.score"),
			boolean("Passed", ".status.passed"),
			wide(text("Evaluator", ".spec.evaluator.name")),
		),
		selectable: func(e *v1alpha1.Evaluation) fields.Set {
			var evaluator, query string
			if e.Spec.Evaluator != nil {
				evaluator = e.Spec.Evaluator.Name
			}
			if e.Spec.Config != nil {
				query = queryName(e.Spec.Config.QueryRef)
			}
			return fields.Set{
				"spec.type":                 string(e.Spec.Type),
				"status.phase":              string(e.Status.Phase),
				"spec.evaluator.name":       evaluator,
				"spec.config.queryRef.name": query,
			}
		},
		ttl: func(e *v1alpha1.Evaluation, config v1alpha1.ArkConfigSpec) (*v1alpha1.Duration, v1alpha1.Duration) {
			return &e.Spec.TTL, config.EvaluationTTL
		},
		validate: v1alpha1.ValidateEvaluation,
	}),
	row(kind[v1alpha1.Evaluator, v1alpha1.EvaluatorList]{
		plural: "evaluators",
		columns: columns(
			text("Phase", ".status.phase"),
			text("Address", ".status.lastResolvedAddress"),
		),
		selectable: func(e *v1alpha1.Evaluator) fields.Set {
			return fields.Set{"status.phase": e.Status.Phase}
		},
		validate: v1alpha1.ValidateEvaluator,
	}),
	row(kind[v1alpha1.ExecutionEngine, v1alpha1.ExecutionEngineList]{
		plural: "executionengines",
		served: []version{{GroupVersion: v1prealpha1.SchemeGroupVersion}},
		columns: columns(
			text("Type", ".spec.type"),
			text("Phase", ".status.phase"),
			text("Address", ".status.lastResolvedAddress"),
		),
		selectable: func(e *v1alpha1.ExecutionEngine) fields.Set {
			return fields.Set{
				"spec.type":    ptr.Deref(e.Spec.Type, ""),
				"status.phase": e.Status.Phase,
			}
		},
		validate:    v1alpha1.ValidateExecutionEngine,
		restoreJSON: func(e, old *v1alpha1.ExecutionEngine) { e.Spec.Source.RestorePatched(old.Spec.Source) },
	}),
	row(kind[v1alpha1.A2AServer, v1alpha1.A2AServerList]{
		plural: "a2aservers",
		served: []version{{GroupVersion: v1prealpha1.SchemeGroupVersion}},
		columns: columns(
			condition("Ready", "Ready"),
			condition("Discovering", "Discovering"),
			text("Address", ".status.lastResolvedAddress"),
			text("Endpoint", ".status.lastResolvedEndpoint"),
		),
		validate: v1alpha1.ValidateA2AServer,
	}),
	row(kind[v1alpha1.A2ATask, v1alpha1.A2ATaskList]{
		plural: "a2atasks",
		columns: columns(
			text("Query", ".spec.queryRef.name"),
			text("Agent", ".spec.agentRef.name"),
			text("Phase", ".status.phase"),
			wide(text("Server", ".spec.a2aServerRef.name")),
			wide(text("Task", ".spec.taskId")),
		),
		selectable: func(t *v1alpha1.A2ATask) fields.Set {
			return fields.Set{
				"status.phase":           string(t.Status.Phase),
				"spec.queryRef.name":     queryName(t.Spec.QueryRef),
				"spec.a2aServerRef.name": name(t.Spec.A2AServerRef),
				"spec.taskId":            t.Spec.TaskID,
				"spec.contextId":         ptr.Deref(t.Spec.ContextID, ""),
			}
		},
		setStatusDefaults: v1alpha1.DefaultA2ATaskStatus,
	}),
	row(kind[v1alpha1.ArkConfig, v1alpha1.ArkConfigList]{
		plural:        "arkconfigs",
		clusterScoped: true,
		columns: columns(
			text("QueryTTL", ".spec.queryTTL"),
			text("EvaluationTTL", ".spec.evaluationTTL"),
		),
	}),
	open(kind[v1alpha1.Workspace, v1alpha1.WorkspaceList]{
		plural: "workspaces",
		columns: columns(
			text("Phase", ".status.phase"),
			wide(text("Claim", ".status.pvcName")),
		),
	}),
	open(kind[v1alpha1.ToolApprovalRequest, v1alpha1.ToolApprovalRequestList]{
		plural:     "toolapprovalrequests",
		shortNames: []string{"tar"},
		columns: columns(
			text("Query", ".spec.queryRef.name"),
			text("Phase", ".status.phase"),
		),
	}),
	open(kind[v1alpha1.ToolInteraction, v1alpha1.ToolInteractionList]{
		plural:     "toolinteractions",
		shortNames: []string{"ti"},
		columns: columns(
			text("Type", ".spec.type"),
			text("Phase", ".status.phase"),
		),
	}),
	open(kind[v1prealpha1.ExecutionProfile, v1prealpha1.ExecutionProfileList]{
		plural: "executionprofiles",
		stored: v1prealpha1.SchemeGroupVersion,
	}),
}

// age is the last column of every kind.
var age = column("date", "Age", ".metadata.creationTimestamp")

func columns(c ...apiextensionsv1.CustomResourceColumnDefinition) []apiextensionsv1.CustomResourceColumnDefinition {
	return c
}

func column(kind, header, path string) apiextensionsv1.CustomResourceColumnDefinition {
	return apiextensionsv1.CustomResourceColumnDefinition{Name: header, Type: kind, JSONPath: path}
}

func text(header, path string) apiextensionsv1.CustomResourceColumnDefinition {
	return column("string", header, path)
}

func integer(header, path string) apiextensionsv1.CustomResourceColumnDefinition {
	return column("integer", header, path)
}

func boolean(header, path string) apiextensionsv1.CustomResourceColumnDefinition {
	return column("boolean", header, path)
}

// condition is a column with the status of a condition.
func condition(header, conditionType string) apiextensionsv1.CustomResourceColumnDefinition {
	return text(header, `.status.conditions[?(@.type=="`+conditionType+`")].status`)
}

// wide shows a column with -o wide only.
func wide(c apiextensionsv1.CustomResourceColumnDefinition) apiextensionsv1.CustomResourceColumnDefinition {
	c.Priority = 1
	return c
}

func name(ref *v1alpha1.NamedRef) string {
	if ref == nil {
		return ""
	}
	return ref.Name
}

func queryName(ref *v1alpha1.QueryRef) string {
	if ref == nil {
		return ""
	}
	return ref.Name
}
