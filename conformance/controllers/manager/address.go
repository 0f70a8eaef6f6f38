package main

import (
	"context"
	"strings"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// addressReconciler resolves the addresses of a kind of which nothing else matters. It says so
// twice, by updates of the status: when it begins, and when it has ended.
type addressReconciler[T client.Object, Phase ~string] struct {
	client.Client
	new    func() T
	fields func(T) (address *v1alpha1.ValueSource, phase *Phase, resolved, message *string)
}

func addMemories(mgr ctrl.Manager, _ client.Client, _ *options) error {
	return addAddresses(mgr, "Memory", &addressReconciler[*v1alpha1.Memory, v1alpha1.MemoryPhase]{
		Client: mgr.GetClient(),
		new:    func() *v1alpha1.Memory { return &v1alpha1.Memory{} },
		fields: func(m *v1alpha1.Memory) (*v1alpha1.ValueSource, *v1alpha1.MemoryPhase, *string, *string) {
			return m.Spec.Address, &m.Status.Phase, &m.Status.LastResolvedAddress, &m.Status.Message
		},
	})
}

func addExecutionEngines(mgr ctrl.Manager, _ client.Client, _ *options) error {
	return addAddresses(mgr, "ExecutionEngine", &addressReconciler[*v1prealpha1.ExecutionEngine, string]{
		Client: mgr.GetClient(),
		new:    func() *v1prealpha1.ExecutionEngine { return &v1prealpha1.ExecutionEngine{} },
		fields: func(e *v1prealpha1.ExecutionEngine) (*v1alpha1.ValueSource, *string, *string, *string) {
			return e.Spec.Address, &e.Status.Phase, &e.Status.LastResolvedAddress, &e.Status.Message
		},
	})
}

func addAddresses[T client.Object, Phase ~string](mgr ctrl.Manager, kind string, r *addressReconciler[T, Phase]) error {
	return ctrl.NewControllerManagedBy(mgr).
		Named(strings.ToLower(kind)+"-address").
		For(r.new(), builder.WithPredicates(journal(mgr.GetLogger(), kind+"Address"))).
		Complete(r)
}

func (r *addressReconciler[T, Phase]) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	o := r.new()
	if err := r.Get(ctx, request.NamespacedName, o); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if _, phase, _, _ := r.fields(o); *phase == "" {
		*phase = "running"
		if err := r.Status().Update(ctx, o); err != nil {
			return ctrl.Result{}, err
		}
	}
	address, phase, resolved, message := r.fields(o)
	value, err := resolveValue(ctx, r.Client, o.GetNamespace(), address)
	if err != nil {
		*phase, *message = "error", err.Error()
	} else {
		*phase, *message, *resolved = "ready", "", value
	}
	if statusErr := r.Status().Update(ctx, o); statusErr != nil {
		return ctrl.Result{}, statusErr
	}
	return ctrl.Result{}, err
}
