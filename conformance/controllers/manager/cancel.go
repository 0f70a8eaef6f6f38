package main

import (
	"context"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func wantsCancel(query client.Object) bool {
	return ptr.Deref(query.(*v1alpha1.Query).Spec.Cancel, false)
}

// cancel ends a query whatever it waits for. One that has ended is canceled all the same.
func (r *queryReconciler) cancel(ctx context.Context, query *v1alpha1.Query) error {
	if query.Status.Phase == v1alpha1.QueryCanceled {
		return nil
	}
	setCanceled(query)
	return r.Status().Update(ctx, query)
}

func setCanceled(query *v1alpha1.Query) {
	setPhase(query, v1alpha1.QueryCanceled, metav1.ConditionTrue, "QueryCanceled", "The query was canceled")
}

// canceler ends executions of queries that are canceled meanwhile. The controller that executes a
// query hears of nothing else about it until that ends.
type canceler struct {
	client.Client
	executions *sync.Map
}

func addCanceler(mgr ctrl.Manager, executions *sync.Map) error {
	return ctrl.NewControllerManagedBy(mgr).
		Named("canceler").
		For(&v1alpha1.Query{}, builder.WithPredicates(predicate.NewPredicateFuncs(wantsCancel))).
		Complete(&canceler{mgr.GetClient(), executions})
}

func (c *canceler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	query := &v1alpha1.Query{}
	if err := c.Get(ctx, request.NamespacedName, query); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if cancel, ok := c.executions.Load(query.UID); ok {
		cancel.(context.CancelFunc)()
	}
	return ctrl.Result{}, nil
}
