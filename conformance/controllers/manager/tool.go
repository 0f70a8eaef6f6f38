package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// toolCall is what a model wants to be called.
type toolCall struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name string `json:"name"`
		// Arguments are a JSON object, as text.
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// offer is a tool as the model sees it.
type offer struct {
	Type     string  `json:"type"`
	Function offered `json:"function"`
}

type offered struct {
	Name        string               `json:"name"`
	Description string               `json:"description,omitempty"`
	Parameters  *v1alpha1.JSONObject `json:"parameters,omitempty"`
}

// tools are those of an agent, by the name that the model knows.
type tools map[string]tool

type tool struct {
	*v1alpha1.Tool
	approval bool
}

func resolveTools(ctx context.Context, reader client.Reader, agent *v1alpha1.Agent) (tools, error) {
	resolved := tools{}
	for _, offered := range agent.Spec.Tools {
		key := client.ObjectKey{Namespace: agent.Namespace, Name: offered.Name}
		if offered.Partial != nil {
			key.Name = cmp.Or(ptr.Deref(offered.Partial.Name, ""), offered.Name)
		}
		t := tool{Tool: &v1alpha1.Tool{}}
		if err := reader.Get(ctx, key, t.Tool); err != nil {
			return nil, err
		}
		for _, approval := range []*v1alpha1.Approval{offered.Approval, t.Spec.Approval} {
			t.approval = t.approval || approval != nil && ptr.Deref(approval.Required, false)
		}
		resolved[offered.Name] = t
	}
	return resolved, nil
}

func (t tools) offers() []offer {
	var offers []offer
	for name, tool := range t {
		offers = append(offers, offer{Type: "function", Function: offered{
			Name: name, Description: ptr.Deref(tool.Spec.Description, ""), Parameters: tool.Spec.InputSchema,
		}})
	}
	return offers
}

// needApproval reports whether a human has to be asked before any of the calls.
func (t tools) needApproval(calls []toolCall) bool {
	return slices.ContainsFunc(calls, func(call toolCall) bool { return t[call.Function.Name].approval })
}

// call calls tools, and returns their results as the model wants them.
func (t tools) call(ctx context.Context, calls []toolCall) ([]message, error) {
	var results []message
	for _, call := range calls {
		tool, ok := t[call.Function.Name]
		if !ok || tool.Spec.HTTP == nil {
			return nil, fmt.Errorf("there is no tool %s that can be called", call.Function.Name)
		}
		arguments := map[string]string{}
		if err := json.Unmarshal([]byte(call.Function.Arguments), &arguments); err != nil {
			return nil, fmt.Errorf("the arguments of tool %s: %w", call.Function.Name, err)
		}
		address := tool.Spec.HTTP.URL
		for name, value := range arguments {
			address = strings.ReplaceAll(address, "{"+name+"}", url.PathEscape(value))
		}
		result, err := exchange(ctx, string(tool.Spec.HTTP.Method), address, "", nil)
		if err != nil {
			return nil, err
		}
		results = append(results, message{Role: "tool", Content: string(result), ToolCallID: call.ID})
	}
	return results, nil
}
