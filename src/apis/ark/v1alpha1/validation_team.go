package v1alpha1

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ValidateTeam checks that a team is not its own member and that its strategy has what it needs. A
// graph team may lack maxTurns and a selector team may name a model instead of an agent, as earlier
// generations of the API had it.
func ValidateTeam(team *Team) field.ErrorList {
	var errs field.ErrorList
	spec := &team.Spec
	for i, member := range spec.Members {
		if team.Name != "" && member.Name == team.Name {
			errs = append(errs, field.Invalid(specPath.Child("members").Index(i).Child("name"), member.Name,
				"a team cannot be its own member"))
		}
	}
	switch spec.Strategy {
	case StrategyGraph:
		if spec.Graph == nil {
			return append(errs, field.Required(specPath.Child("graph"), "the strategy graph needs a graph"))
		}
		errs = append(errs, validateGraph(spec)...)
		errs = append(errs, validateSingleExit(spec.Graph)...)
	case StrategySelector:
		if spec.Selector == nil || !isWritten(spec.Selector.Agent) && !isWritten(spec.Selector.Model) {
			errs = append(errs, field.Required(specPath.Child("selector", "agent"), "the strategy selector needs an agent"))
		}
		if spec.Graph != nil {
			errs = append(errs, validateGraph(spec)...)
		}
	}
	return errs
}

// validateGraph checks that there are edges and that they join members.
func validateGraph(spec *TeamSpec) field.ErrorList {
	path := specPath.Child("graph", "edges")
	if spec.Graph.Edges != nil && len(spec.Graph.Edges) == 0 {
		return field.ErrorList{field.Required(path, "at least one edge is needed")}
	}
	members := map[string]bool{"": true} // an empty end is reported as missing
	for _, member := range spec.Members {
		members[member.Name] = true
	}
	var errs field.ErrorList
	for i, edge := range spec.Graph.Edges {
		if !members[edge.From] {
			errs = append(errs, field.Invalid(path.Index(i).Child("from"), edge.From, "is not a member: "+memberNames(spec.Members)))
		}
		if !members[edge.To] {
			errs = append(errs, field.Invalid(path.Index(i).Child("to"), edge.To, "is not a member: "+memberNames(spec.Members)))
		}
	}
	return errs
}

// validateSingleExit checks that at most one edge leaves each member.
func validateSingleExit(graph *TeamGraph) field.ErrorList {
	var errs field.ErrorList
	left := map[string]bool{}
	for i, edge := range graph.Edges {
		if edge.From != "" && left[edge.From] {
			errs = append(errs, field.Duplicate(specPath.Child("graph", "edges").Index(i).Child("from"), edge.From))
		}
		left[edge.From] = true
	}
	return errs
}

// memberNames joins names for an error message.
func memberNames(members []TeamMember) string {
	names := make([]string, len(members))
	for i, member := range members {
		names[i] = member.Name
	}
	return strings.Join(names, ", ")
}
