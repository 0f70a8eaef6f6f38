package main

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const agentAvailable = "Available"

// agentReconciler says in each agent's status whether its model can be asked. It patches the status.
type agentReconciler struct{ client.Client }

func addAgents(mgr ctrl.Manager, _ client.Client, _ *options) error {
	r := &agentReconciler{mgr.GetClient()}
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Agent{}, builder.WithPredicates(journal(mgr.GetLogger(), "Agent"))).
		Watches(&v1alpha1.Model{}, handler.EnqueueRequestsFromMapFunc(r.ofModel)).
		Complete(r)
}

// ofModel finds the agents that a change of a model concerns.
func (r *agentReconciler) ofModel(ctx context.Context, model client.Object) []reconcile.Request {
	agents := &v1alpha1.AgentList{}
	if err := r.List(ctx, agents, client.InNamespace(model.GetNamespace()), client.MatchingFields{indexModel: model.GetName()}); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "list the agents of a model")
		return nil
	}
	var requests []reconcile.Request
	for i := range agents.Items {
		requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&agents.Items[i])})
	}
	return requests
}

func (r *agentReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	agent := &v1alpha1.Agent{}
	if err := r.Get(ctx, request.NamespacedName, agent); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	available := metav1.Condition{
		Type: agentAvailable, Status: metav1.ConditionTrue, Reason: "ModelAvailable", Message: "The model can be asked", ObservedGeneration: agent.Generation,
	}
	model, err := modelOf(ctx, r.Client, agent)
	switch {
	case apierrors.IsNotFound(err):
		available.Status, available.Reason, available.Message = metav1.ConditionFalse, "ModelNotFound", err.Error()
	case err != nil:
		return ctrl.Result{}, err
	case !meta.IsStatusConditionTrue(model.Status.Conditions, modelAvailable):
		available.Status, available.Reason, available.Message = metav1.ConditionFalse, "ModelNotAvailable", "The model cannot be asked"
	}
	before := agent.DeepCopy()
	if !meta.SetStatusCondition(&agent.Status.Conditions, available) {
		return ctrl.Result{}, nil
	}
	return ctrl.Result{}, r.Status().Patch(ctx, agent, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
}

// modelOf finds the model of an agent.
func modelOf(ctx context.Context, reader client.Reader, agent *v1alpha1.Agent) (*v1alpha1.Model, error) {
	key := client.ObjectKey{Namespace: agent.Namespace, Name: "default"}
	if ref := agent.Spec.ModelRef; ref != nil {
		key.Name = ref.Name
	}
	model := &v1alpha1.Model{}
	return model, reader.Get(ctx, key, model)
}
