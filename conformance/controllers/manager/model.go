package main

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metaapply "k8s.io/client-go/applyconfigurations/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	arkapply "ark.ai/apiserver/src/generated/applyconfiguration/ark/v1alpha1"
)

const modelAvailable = "ModelAvailable"

// modelReconciler says in each model's status where its endpoint is. It applies the status: what
// others have there stays.
type modelReconciler struct{ client.Client }

func addModels(mgr ctrl.Manager, _ client.Client, _ *options) error {
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Model{}, builder.WithPredicates(journal(mgr.GetLogger(), "Model"))).
		Complete(&modelReconciler{mgr.GetClient()})
}

func (r *modelReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	model := &v1alpha1.Model{}
	if err := r.Get(ctx, request.NamespacedName, model); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	available := metav1.Condition{
		Type: modelAvailable, Status: metav1.ConditionTrue, Reason: "Resolved", Message: "The endpoint is known", ObservedGeneration: model.Generation,
	}
	endpoint, err := resolveModel(ctx, r.Client, model)
	if err != nil {
		available.Status, available.Reason, available.Message = metav1.ConditionFalse, "Unresolved", err.Error()
	}
	meta.SetStatusCondition(&model.Status.Conditions, available)
	available = *meta.FindStatusCondition(model.Status.Conditions, modelAvailable)
	status := arkapply.ModelStatus().WithConditions(metaapply.Condition().
		WithType(available.Type).WithStatus(available.Status).WithReason(available.Reason).WithMessage(available.Message).
		WithObservedGeneration(available.ObservedGeneration).WithLastTransitionTime(available.LastTransitionTime))
	if endpoint != nil {
		status.WithResolvedAddress(endpoint.url)
	}
	if applyErr := r.Status().Apply(ctx, arkapply.Model(model.Name, model.Namespace).WithStatus(status),
		client.FieldOwner("model-controller"), client.ForceOwnership); applyErr != nil {
		return ctrl.Result{}, applyErr
	}
	return ctrl.Result{}, err
}
