package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// goodEnough is the score from which an answer passes.
const goodEnough = 0.7

// evaluations has answers judged: those of queries that are done, and those that evaluations bring
// along.
type evaluations struct {
	client.Client
	answerer answerer
}

func addEvaluations(mgr ctrl.Manager, answerer answerer) error {
	r := &evaluations{mgr.GetClient(), answerer}
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Evaluation{}).
		Watches(&v1alpha1.Query{}, handler.EnqueueRequestsFromMapFunc(r.ofQuery)).
		Complete(r)
}

// ofQuery finds the evaluations that wait for a query.
func (r *evaluations) ofQuery(ctx context.Context, query client.Object) []reconcile.Request {
	list := &v1alpha1.EvaluationList{}
	if err := r.List(ctx, list, client.InNamespace(query.GetNamespace())); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "List the evaluations of a query")
		return nil
	}
	var requests []reconcile.Request
	for i := range list.Items {
		config := list.Items[i].Spec.Config
		if config != nil && config.QueryRef != nil && config.QueryRef.Name == query.GetName() {
			requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&list.Items[i])})
		}
	}
	return requests
}

func (r *evaluations) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	evaluation := &v1alpha1.Evaluation{}
	if err := r.Get(ctx, request.NamespacedName, evaluation); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	switch evaluation.Status.Phase {
	case v1alpha1.EvaluationPhaseDone, v1alpha1.EvaluationPhaseError, v1alpha1.EvaluationPhaseCanceled:
		return ctrl.Result{}, nil
	}
	question, answer, err := r.subject(ctx, evaluation)
	if errors.Is(err, errNotDone) {
		return ctrl.Result{}, nil // The query will wake it.
	}
	score := 0.0
	if err == nil {
		score, err = r.answerer.judge(ctx, question, answer)
	}
	status := &evaluation.Status
	completed := metav1.Condition{Type: "Completed", Status: metav1.ConditionTrue, ObservedGeneration: evaluation.Generation}
	if err != nil {
		status.Phase, completed.Reason, completed.Message = v1alpha1.EvaluationPhaseError, "EvaluationErrored", err.Error()
	} else {
		text := v1alpha1.UnitInterval(strconv.FormatFloat(score, 'f', -1, 64))
		status.Score, status.Passed = &text, score >= goodEnough
		status.Phase, completed.Reason, completed.Message = v1alpha1.EvaluationPhaseDone, "EvaluationSucceeded", "The answer was judged"
	}
	status.Message = completed.Message
	meta.SetStatusCondition(&status.Conditions, completed)
	return ctrl.Result{}, r.Status().Update(ctx, evaluation)
}

var errNotDone = errors.New("the query has no answer yet")

// subject is the question and the answer that are judged.
func (r *evaluations) subject(ctx context.Context, evaluation *v1alpha1.Evaluation) (question, answer string, err error) {
	config := evaluation.Spec.Config
	switch {
	case evaluation.Spec.Type == v1alpha1.EvaluationDirect && config.Input != nil && config.Output != nil:
		return *config.Input, *config.Output, nil
	case evaluation.Spec.Type == v1alpha1.EvaluationQuery && config.QueryRef != nil:
	default:
		return "", "", fmt.Errorf("this controller does not judge evaluations of type %s", evaluation.Spec.Type)
	}
	key := client.ObjectKey{Namespace: evaluation.Namespace, Name: config.QueryRef.Name}
	if config.QueryRef.Namespace != nil {
		key.Namespace = *config.QueryRef.Namespace
	}
	query := &v1alpha1.Query{}
	if err := r.Get(ctx, key, query); client.IgnoreNotFound(err) != nil {
		return "", "", err
	}
	switch query.Status.Phase {
	case v1alpha1.QueryDone:
	case v1alpha1.QueryError, v1alpha1.QueryCanceled:
		return "", "", fmt.Errorf("the query %s is %s", query.Name, query.Status.Phase)
	default:
		return "", "", errNotDone
	}
	chat, err := inputOf(query)
	if err != nil {
		return "", "", err
	}
	return chat[len(chat)-1].Content, *query.Status.Response.Content, nil
}
