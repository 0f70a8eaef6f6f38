package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func init() { register(&Team{}, &TeamList{}) }

// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:supportsSubresource="/status"

// Team is a group of agents and teams that answer together.
type Team struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the wanted state of the team.
	// +optional
	Spec TeamSpec `json:"spec,omitempty"`

	// status is the observed state of the team.
	// +optional
	Status TeamStatus `json:"status,omitempty"`
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// TeamList is a list of Teams.
type TeamList struct {
	// +k8s:opaqueType
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard list metadata.
	// +optional
	// +k8s:opaqueType
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the teams.
	Items []Team `json:"items"`
}

// TeamSpec is the wanted state of a Team.
//
// +k8s:customValidation
type TeamSpec struct {
	// members are the agents and teams, in order.
	// +required
	// +listType=atomic
	// +k8s:optional
	Members []TeamMember `json:"members"`

	// strategy decides who speaks next.
	// +required
	// +k8s:required
	Strategy TeamStrategy `json:"strategy"`

	// description is a text for humans and for agents.
	// +optional
	// +k8s:optional
	Description *string `json:"description,omitempty"`

	// maxTurns limits the number of turns.
	// +optional
	// +k8s:optional
	MaxTurns *int32 `json:"maxTurns,omitempty"`

	// selector configures the strategy selector.
	// +optional
	// +k8s:optional
	Selector *TeamSelector `json:"selector,omitempty"`

	// graph holds the transitions of the strategy graph. With the strategy selector it narrows the
	// choice.
	// +optional
	// +k8s:optional
	Graph *TeamGraph `json:"graph,omitempty"`

	// loops repeats the sequence.
	// +optional
	// +default=false
	// +k8s:optional
	Loops *bool `json:"loops,omitempty"`
}

// TeamStrategy decides which member speaks next.
//
// +enum
// +k8s:enum
type TeamStrategy string

const (
	// StrategySequential lets each member speak once, in order.
	StrategySequential TeamStrategy = "sequential"
	// StrategyRoundRobin starts over after the last member.
	StrategyRoundRobin TeamStrategy = "round-robin"
	// StrategySelector lets an agent choose.
	StrategySelector TeamStrategy = "selector"
	// StrategyGraph follows the edges of a graph.
	StrategyGraph TeamStrategy = "graph"
)

// TeamMemberType is the kind of a member.
//
// +enum
// +k8s:enum
type TeamMemberType string

const (
	// MemberAgent is an Agent.
	MemberAgent TeamMemberType = "agent"
	// MemberTeam is a Team.
	MemberTeam TeamMemberType = "team"
)

// TeamMember is an agent or a team in a team.
type TeamMember struct {
	// name of the agent or team.
	// +required
	// +k8s:required
	Name string `json:"name"`

	// type says whether the member is an agent or a team.
	// +required
	// +k8s:required
	Type TeamMemberType `json:"type"`
}

// TeamSelector configures how an agent chooses the next member.
type TeamSelector struct {
	// agent is the name of the Agent that chooses. The strategy selector needs it, or model.
	// +optional
	// +k8s:optional
	Agent *string `json:"agent,omitempty"`

	// model is the name of the Model that chooses.
	//
	// Deprecated: use agent.
	// +optional
	// +k8s:optional
	Model *string `json:"model,omitempty"`

	// selectorPrompt is the template of the question put to the agent.
	// +optional
	// +k8s:optional
	SelectorPrompt *string `json:"selectorPrompt,omitempty"`

	// enableTerminateTool lets the agent end the conversation.
	// +optional
	// +k8s:optional
	EnableTerminateTool *bool `json:"enableTerminateTool,omitempty"`

	// terminatePrompt tells the agent when to end it.
	// +optional
	// +k8s:optional
	TerminatePrompt *string `json:"terminatePrompt,omitempty"`
}

// TeamGraph holds the transitions between members.
//
// +k8s:customValidation
type TeamGraph struct {
	// edges are the transitions.
	// +required
	// +listType=atomic
	// +k8s:optional
	Edges []TeamGraphEdge `json:"edges"`
}

// TeamGraphEdge is a transition from one member to another.
type TeamGraphEdge struct {
	// from is the name of the member that spoke.
	// +required
	// +k8s:required
	From string `json:"from"`

	// to is the name of the member that speaks next.
	// +required
	// +k8s:required
	To string `json:"to"`
}

// TeamStatus is the observed state of a Team.
type TeamStatus struct {
	// conditions of the team. The type "Available" says whether it can be queried.
	// +optional
	// +listType=atomic
	// +k8s:optional
	// +k8s:eachVal=+k8s:opaqueType
	// +k8s:customValidation
	Conditions []metav1.Condition `json:"conditions,omitzero"`
}
