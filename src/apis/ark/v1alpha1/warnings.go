package v1alpha1

import "fmt"

// WarnAgent returns what the author of an agent should change.
func WarnAgent(agent *Agent) []string {
	var warnings []string
	for i, tool := range agent.Spec.Tools {
		if tool.Type == AgentToolCustom {
			warnings = append(warnings, fmt.Sprintf(`spec.tools[%d].type: "custom" is deprecated, use the type of the Tool`, i))
		}
	}
	return warnings
}

// WarnTeam returns what the author of a team should change.
func WarnTeam(team *Team) []string {
	if team.Spec.Selector != nil && isWritten(team.Spec.Selector.Model) {
		return []string{"spec.selector.model: deprecated, use spec.selector.agent"}
	}
	return nil
}

// WarnQuery returns what the author of a query should change.
func WarnQuery(query *Query) []string {
	var warnings []string
	if len(query.Spec.Targets) > 0 {
		warnings = append(warnings, "spec.targets: deprecated, use spec.target")
	}
	if len(query.Spec.Evaluators) > 0 {
		warnings = append(warnings, "spec.evaluators: deprecated, use Evaluation and Evaluator objects")
	}
	if query.Spec.EvaluatorSelector != nil {
		warnings = append(warnings, "spec.evaluatorSelector: deprecated, use Evaluation and Evaluator objects")
	}
	return warnings
}
