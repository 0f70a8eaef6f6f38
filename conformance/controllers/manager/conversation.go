package main

import (
	"context"
	"encoding/json"
	"slices"

	ctrl "sigs.k8s.io/controller-runtime"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// converse goes on with the conversation about a query, from what its status has of it, until the model has answered.
// It returns what the model and the tools have said, also if it cannot go on.
func (r *queryReconciler) converse(ctx context.Context, query *v1alpha1.Query, agent *v1alpha1.Agent, endpoint *endpoint) ([]message, error) {
	chat, err := chatOf(agent, query)
	if err != nil {
		return nil, err
	}
	tools, err := resolveTools(ctx, r.Client, agent)
	if err != nil {
		return nil, err
	}
	said, err := saidAbout(query)
	if err != nil {
		return nil, err
	}
	for {
		if len(said) > 0 {
			calls := said[len(said)-1].ToolCalls
			if len(calls) == 0 {
				return said, nil
			}
			if tools.needApproval(calls) {
				if err := r.approve(ctx, query, agent, said); err != nil {
					return said, err
				}
			}
			results, err := tools.call(ctx, calls)
			if err != nil {
				return said, err
			}
			said = append(said, results...)
		}
		ctrl.LoggerFrom(ctx).Info("ask", "uid", query.UID)
		answer, usage, err := endpoint.ask(ctx, string(query.UID), slices.Concat(chat, said), tools.offers())
		if err != nil {
			return said, err
		}
		said = append(said, *answer)
		query.Status.TokenUsage.PromptTokens += usage.PromptTokens
		query.Status.TokenUsage.CompletionTokens += usage.CompletionTokens
		query.Status.TokenUsage.TotalTokens += usage.TotalTokens
	}
}

// saidAbout is what the status of a query has of a conversation that was interrupted.
func saidAbout(query *v1alpha1.Query) ([]message, error) {
	said := []message{}
	if query.Status.Response == nil {
		return said, nil
	}
	return said, json.Unmarshal([]byte(query.Status.Response.Raw), &said)
}
