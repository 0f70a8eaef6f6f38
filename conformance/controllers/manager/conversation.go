package main

import (
	"context"
	"encoding/json"
	"slices"

	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// converse goes on with the conversation about a query, from what its status has of it, until the
// model has answered. It returns what the model and the tools have said, also if it cannot go on.
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
		addUsage(&query.Status.TokenUsage, usage)
	}
}

func addUsage(sum *v1alpha1.TokenUsage, usage v1alpha1.TokenUsage) {
	for count, more := range map[**int64]*int64{
		&sum.PromptTokens: usage.PromptTokens, &sum.CompletionTokens: usage.CompletionTokens, &sum.TotalTokens: usage.TotalTokens,
	} {
		*count = new(ptr.Deref(*count, 0) + *more)
	}
}

// saidAbout is what the status of a query has of a conversation that was interrupted.
func saidAbout(query *v1alpha1.Query) ([]message, error) {
	said := []message{}
	if query.Status.Response == nil {
		return said, nil
	}
	return said, json.Unmarshal([]byte(ptr.Deref(query.Status.Response.Raw, "")), &said)
}
