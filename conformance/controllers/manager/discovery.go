package main

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const discovering = "Discovering"

// discovery asks the servers of a kind, at each poll, for what they have, and has objects made of
// it. At each poll the status is updated, and every object, whether anything has changed or not.
type discovery[T client.Object] struct {
	client.Client
	new    func() T
	fields func(T) discoveryFields
	// known is the condition that reports whether a server has answered.
	known string
	// announced says that the status tells of the first poll before it is made.
	announced bool
	// discover asks the server at an address and makes the objects. The reason is that of the
	// conditions; without one an error is not told.
	discover func(ctx context.Context, server T, address string) (reason string, err error)
}

type discoveryFields struct {
	address    *v1alpha1.ValueSource
	interval   v1alpha1.Duration
	resolved   *string
	conditions *[]metav1.Condition
}

func addDiscovery[T client.Object](mgr ctrl.Manager, kind string, d *discovery[T]) error {
	return ctrl.NewControllerManagedBy(mgr).
		For(d.new(), builder.WithPredicates(journal(mgr.GetLogger(), kind))).
		Complete(d)
}

func (d *discovery[T]) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	server := d.new()
	if err := d.Get(ctx, request.NamespacedName, server); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !server.GetDeletionTimestamp().IsZero() {
		return ctrl.Result{}, nil
	}
	fields := d.fields(server)
	interval, err := fields.interval.Parse()
	if err != nil {
		return ctrl.Result{}, err
	}
	tell := func(known, busy metav1.ConditionStatus, reason, message string) (ctrl.Result, error) {
		for kind, status := range map[string]metav1.ConditionStatus{d.known: known, discovering: busy} {
			meta.SetStatusCondition(fields.conditions, metav1.Condition{
				Type: kind, Status: status, Reason: reason, Message: message, ObservedGeneration: server.GetGeneration(),
			})
		}
		if err := d.Status().Update(ctx, server); err != nil {
			return ctrl.Result{}, client.IgnoreNotFound(err) // It was deleted meanwhile.
		}
		return ctrl.Result{RequeueAfter: interval}, nil
	}
	if d.announced && len(*fields.conditions) == 0 {
		if result, err := tell(metav1.ConditionFalse, metav1.ConditionTrue, "StartingDiscovery", "The server is asked"); err != nil || result.IsZero() {
			return result, err
		}
	}
	address, err := resolveValue(ctx, d.Client, server.GetNamespace(), fields.address)
	if err != nil {
		return tell(metav1.ConditionFalse, metav1.ConditionFalse, "AddressResolutionFailed", err.Error())
	}
	*fields.resolved = address
	switch reason, err := d.discover(ctx, server, address); {
	case err == nil:
		return tell(metav1.ConditionTrue, metav1.ConditionFalse, reason, "What the server has is known")
	case reason == "" || apierrors.IsConflict(err):
		return ctrl.Result{}, err
	default:
		return tell(metav1.ConditionFalse, metav1.ConditionFalse, reason, err.Error())
	}
}
