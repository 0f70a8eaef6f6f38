package main

import (
	"context"
	"errors"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/recorder"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// queryReconciler has queries answered.
type queryReconciler struct {
	client.Client
	// live does without the cache.
	live   client.Client
	memory string
	// complaints are core events, with a count. events are those of events.k8s.io.
	complaints record.EventRecorder
	events     recorder.EventRecorder
	// executions are the functions that cancel what is being asked, by UID.
	executions *sync.Map
}

func addQueries(mgr ctrl.Manager, live client.Client, o *options) error {
	executions := &sync.Map{}
	if err := addCanceler(mgr, executions); err != nil {
		return err
	}
	r := &queryReconciler{
		Client: mgr.GetClient(), live: live, memory: o.memory, executions: executions,
		complaints: mgr.GetEventRecorderFor("query-controller"), //nolint:staticcheck // deprecated, and what most controllers use
		events:     mgr.GetEventRecorder("query-controller"),
	}
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Query{}, builder.WithPredicates(journal(mgr.GetLogger(), "Query"))).
		Owns(&v1alpha1.Memory{}, builder.OnlyMetadata, builder.WithPredicates(journal(mgr.GetLogger(), "Memory"))).
		Owns(&v1alpha1.A2ATask{}, builder.WithPredicates(journal(mgr.GetLogger(), "A2ATask"))).
		Watches(&v1alpha1.Agent{}, handler.EnqueueRequestsFromMapFunc(r.ofAgent)).
		WithOptions(controller.Options{MaxConcurrentReconciles: o.concurrency}).
		Complete(r)
}

// ofAgent finds the queries that wait for an agent.
func (r *queryReconciler) ofAgent(ctx context.Context, agent client.Object) []reconcile.Request {
	log := ctrl.LoggerFrom(ctx)
	queries := &v1alpha1.QueryList{}
	if err := r.List(ctx, queries, client.InNamespace(agent.GetNamespace()), client.MatchingFields{indexAgent: agent.GetName()}); err != nil {
		log.Error(err, "list the queries to an agent")
		return nil
	}
	var requests []reconcile.Request
	for i := range queries.Items {
		query := &queries.Items[i]
		if !begun(query) {
			log.Info("mapped", "namespace", query.Namespace, "name", query.Name)
			requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(query)})
		}
	}
	return requests
}

func (r *queryReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	log := ctrl.LoggerFrom(ctx)
	query := &v1alpha1.Query{}
	err := r.Get(ctx, request.NamespacedName, query)
	log.Info("reconcile", "resourceVersion", query.ResourceVersion, "phase", query.Status.Phase)
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !query.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, r.cleanUp(ctx, query)
	}
	ttl, err := query.Spec.TTL.Parse()
	if err != nil {
		return ctrl.Result{}, err
	}
	left := time.Until(query.CreationTimestamp.Add(ttl))
	if left <= 0 {
		return ctrl.Result{}, client.IgnoreNotFound(r.Delete(ctx, query, client.Preconditions{UID: &query.UID}))
	}
	if controllerutil.AddFinalizer(query, finalizer) {
		if err := r.Update(ctx, query); err != nil {
			return ctrl.Result{}, err
		}
	}
	if err := r.remember(ctx, query); err != nil {
		return ctrl.Result{}, err
	}
	switch {
	case wantsCancel(query):
		err = r.cancel(ctx, query)
	case !ended(query):
		err = r.answer(ctx, query)
	}
	if err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{RequeueAfter: left}, nil
}

// answer brings a query to its end, or says what it waits for.
func (r *queryReconciler) answer(ctx context.Context, query *v1alpha1.Query) error {
	agent, endpoint, err := resolveQuery(ctx, r.Client, query)
	if wait := new(notReady); errors.As(err, &wait) {
		r.complaints.Event(query, corev1.EventTypeWarning, "NotReady", wait.reason)
		return r.wait(ctx, query, wait.reason)
	}
	if err != nil {
		return err
	}
	// A question that is asked is answered, though the manager be told to end.
	ctx = context.WithoutCancel(ctx)
	goOn := true
	switch query.Status.Phase {
	case v1alpha1.QueryRunning:
		goOn, err = r.resume(ctx, query)
	case v1alpha1.QueryInputRequired:
		if goOn, err = r.decided(ctx, query); goOn {
			err = r.claim(ctx, query)
		}
	default:
		err = r.claim(ctx, query)
	}
	if err != nil || !goOn {
		return err
	}
	return r.complete(ctx, query, agent, endpoint)
}

// resume says whether a query that runs, for all that the cache knows, is to be asked again. The
// manager that began it may have been killed, or the cache may be late.
func (r *queryReconciler) resume(ctx context.Context, query *v1alpha1.Query) (bool, error) {
	log, cached := ctrl.LoggerFrom(ctx), query.ResourceVersion
	if err := r.live.Get(ctx, client.ObjectKeyFromObject(query), query); err != nil {
		return false, client.IgnoreNotFound(err)
	}
	if query.ResourceVersion != cached {
		log.Info("stale", "resourceVersion", cached, "current", query.ResourceVersion)
	}
	if query.Status.Phase != v1alpha1.QueryRunning || !query.DeletionTimestamp.IsZero() {
		return false, nil
	}
	log.Info("resume", "uid", query.UID)
	return true, nil
}
