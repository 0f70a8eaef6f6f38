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
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

const agentAvailable = "Available"

// agentReconciler says in each agent's status whether its model, or what runs it instead, can be
// asked. It patches the status.
type agentReconciler struct{ client.Client }

func addAgents(mgr ctrl.Manager, _ client.Client, _ *options) error {
	r := &agentReconciler{mgr.GetClient()}
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Agent{}, builder.WithPredicates(journal(mgr.GetLogger(), "Agent"))).
		Watches(&v1alpha1.Model{}, handler.EnqueueRequestsFromMapFunc(r.ofModel)).
		Watches(&v1prealpha1.ExecutionEngine{}, handler.EnqueueRequestsFromMapFunc(r.ofEngine)).
		Watches(&v1prealpha1.A2AServer{}, handler.EnqueueRequestsFromMapFunc(r.ofA2AServer)).
		Complete(r)
}

// ofModel finds the agents that a change of a model concerns.
func (r *agentReconciler) ofModel(ctx context.Context, model client.Object) []reconcile.Request {
	return r.requests(ctx, model, client.MatchingFields{indexModel: model.GetName()})
}

// ofEngine finds those that an execution engine runs.
func (r *agentReconciler) ofEngine(ctx context.Context, engine client.Object) []reconcile.Request {
	return r.requests(ctx, engine, client.MatchingFields{indexEngine: engine.GetName()})
}

// ofA2AServer finds those that an A2A server has.
func (r *agentReconciler) ofA2AServer(ctx context.Context, server client.Object) []reconcile.Request {
	return r.requests(ctx, server, client.MatchingLabels{a2aServerLabel: server.GetName()})
}

func (r *agentReconciler) requests(ctx context.Context, cause client.Object, selector client.ListOption) []reconcile.Request {
	agents := &v1alpha1.AgentList{}
	if err := r.List(ctx, agents, client.InNamespace(cause.GetNamespace()), selector); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "list the agents that a change concerns")
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
	look := r.lookAtModel
	if agent.Spec.ExecutionEngine != nil {
		look = r.lookAtEngine
	}
	available, err := look(ctx, agent)
	if err != nil {
		return ctrl.Result{}, err
	}
	available.Type, available.ObservedGeneration = agentAvailable, agent.Generation
	before := agent.DeepCopy()
	if !meta.SetStatusCondition(&agent.Status.Conditions, available) {
		return ctrl.Result{}, nil
	}
	err = r.Status().Patch(ctx, agent, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	return ctrl.Result{}, client.IgnoreNotFound(err) // It was deleted meanwhile, with what owns it perhaps.
}

func (r *agentReconciler) lookAtModel(ctx context.Context, agent *v1alpha1.Agent) (metav1.Condition, error) {
	model, err := modelOf(ctx, r.Client, agent)
	switch {
	case apierrors.IsNotFound(err):
		return metav1.Condition{Status: metav1.ConditionFalse, Reason: "ModelNotFound", Message: err.Error()}, nil
	case err != nil:
		return metav1.Condition{}, err
	case !meta.IsStatusConditionTrue(model.Status.Conditions, modelAvailable):
		return metav1.Condition{Status: metav1.ConditionFalse, Reason: "ModelNotAvailable", Message: "The model cannot be asked"}, nil
	}
	return metav1.Condition{Status: metav1.ConditionTrue, Reason: "ModelAvailable", Message: "The model can be asked"}, nil
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
