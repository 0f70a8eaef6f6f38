package main

import (
	"context"
	"net/http"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// finalizer keeps a deleted query until its traces are gone.
const finalizer = v1alpha1.GroupName + "/query-manager"

// cleanUp removes what the garbage collector does not know of: the conversation, and the tasks of
// the query.
func (r *queryReconciler) cleanUp(ctx context.Context, query *v1alpha1.Query) error {
	if !controllerutil.ContainsFinalizer(query, finalizer) {
		return nil
	}
	ctrl.LoggerFrom(ctx).Info("forget", "uid", query.UID)
	if err := r.live.DeleteAllOf(ctx, &v1alpha1.A2ATask{}, client.InNamespace(query.Namespace), client.MatchingFields{"spec.queryRef.name": query.Name}); err != nil {
		return err
	}
	if _, err := exchange(ctx, http.MethodDelete, r.memory+"/conversations/"+string(query.UID), "", nil); err != nil {
		return err
	}
	controllerutil.RemoveFinalizer(query, finalizer)
	return client.IgnoreNotFound(r.Update(ctx, query))
}
