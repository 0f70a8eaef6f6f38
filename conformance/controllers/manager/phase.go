package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// completed is the condition of a query that says whether it has ended.
const completed = "Completed"

func begun(query *v1alpha1.Query) bool {
	switch query.Status.Phase {
	case "", v1alpha1.QueryPending, v1alpha1.QueryProvisioning:
		return false
	}
	return true
}

func ended(query *v1alpha1.Query) bool {
	return begun(query) && query.Status.Phase != v1alpha1.QueryRunning && query.Status.Phase != v1alpha1.QueryInputRequired
}

// wait says what a query waits for. Said again it is no change, or the query would wake itself for
// ever. Others may have said that it is being provided for.
func (r *queryReconciler) wait(ctx context.Context, query *v1alpha1.Query, reason string) error {
	setPhase(query, cmp.Or(query.Status.Phase, v1alpha1.QueryPending), metav1.ConditionFalse, "QueryNotStarted", reason)
	return r.Status().Update(ctx, query)
}

// claim marks a query as running. It fails if the query is not what the cache had: whoever succeeds
// is the only one that asks.
func (r *queryReconciler) claim(ctx context.Context, query *v1alpha1.Query) error {
	setPhase(query, v1alpha1.QueryRunning, metav1.ConditionFalse, "QueryRunning", "The model is asked")
	return r.Status().Update(ctx, query)
}

// complete has a conversation about a query, and writes how it ended: with the answer, with why
// there is none, or with what a human has to decide on first.
func (r *queryReconciler) complete(ctx context.Context, query *v1alpha1.Query, agent *v1alpha1.Agent, endpoint *endpoint) error {
	timeout, err := query.Spec.Timeout.Parse()
	if err != nil {
		return err
	}
	begin, before := time.Now(), query.DeepCopy()
	asking, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r.executions.Store(query.UID, cancel)
	defer r.executions.Delete(query.UID)
	said, err := r.converse(asking, query, agent, endpoint)
	raw, marshalErr := json.Marshal(said)
	if marshalErr != nil {
		return marshalErr
	}
	response := &v1alpha1.QueryResponse{Target: *query.Spec.Target, Raw: new(string(raw))}
	switch {
	case errors.Is(err, errUndecided):
		response.A2A = &v1alpha1.A2AIDs{TaskID: new(taskName(query, said))}
		setPhase(query, v1alpha1.QueryInputRequired, metav1.ConditionFalse, "QueryInputRequired", err.Error())
	case errors.Is(asking.Err(), context.Canceled):
		setCanceled(query)
	case err != nil:
		response.Content = new(err.Error())
		setPhase(query, v1alpha1.QueryError, metav1.ConditionTrue, "QueryErrored", err.Error())
	default:
		response.Content = &said[len(said)-1].Content
		setPhase(query, v1alpha1.QueryDone, metav1.ConditionTrue, "QuerySucceeded", "The model has answered")
	}
	response.Phase = string(query.Status.Phase)
	query.Status.Response = response
	query.Status.ConversationID = string(query.UID)
	query.Status.Duration = v1alpha1.Duration(time.Since(begin).Round(time.Millisecond).String())
	if err := r.Status().Patch(ctx, query, client.MergeFrom(before)); err != nil {
		return err
	}
	r.events.Eventf(query, agent, corev1.EventTypeNormal, "Answered", "Ask", "The query is %s", query.Status.Phase)
	return nil
}

func setPhase(query *v1alpha1.Query, phase v1alpha1.QueryPhase, status metav1.ConditionStatus, reason, message string) {
	query.Status.Phase = phase
	meta.SetStatusCondition(&query.Status.Conditions, metav1.Condition{
		Type: completed, Status: status, Reason: reason, Message: message, ObservedGeneration: query.Generation,
	})
}
