package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var (
	errUndecided = errors.New("nobody has decided on the call of a tool yet")
	errRejected  = errors.New("the call of a tool was rejected")
)

// taskName is the name of the task that asks a human about the last thing that was said.
func taskName(query *v1alpha1.Query, said []message) string {
	return fmt.Sprintf("%s-%d", query.Name, len(said))
}

// approve asks a human about the calls in the last message: by a task of no server, which has to be
// completed.
func (r *queryReconciler) approve(ctx context.Context, query *v1alpha1.Query, agent *v1alpha1.Agent, said []message) error {
	name := taskName(query, said)
	task := &v1alpha1.A2ATask{}
	err := r.live.Get(ctx, client.ObjectKey{Namespace: query.Namespace, Name: name}, task)
	if err == nil {
		return decisionOf(task)
	}
	if !apierrors.IsNotFound(err) {
		return err
	}
	calls, err := json.Marshal(said[len(said)-1].ToolCalls)
	if err != nil {
		return err
	}
	task = &v1alpha1.A2ATask{
		ObjectMeta: metav1.ObjectMeta{Namespace: query.Namespace, Name: name, Labels: maps.Clone(query.Labels)},
		Spec: v1alpha1.A2ATaskSpec{
			QueryRef: &v1alpha1.QueryRef{Name: query.Name}, AgentRef: &v1alpha1.AgentRef{Name: &agent.Name},
			TaskID: name, ContextID: new(string(query.UID)), Input: new(string(calls)),
		},
	}
	if err := controllerutil.SetControllerReference(query, task, r.Scheme()); err != nil {
		return err
	}
	if err := r.Create(ctx, task); err != nil {
		return err
	}
	task.Status.Phase, task.Status.ProtocolState = v1alpha1.A2ATaskInputRequired, v1alpha1.A2AStateInputRequired
	if err := r.Status().Update(ctx, task); err != nil {
		return err
	}
	return errUndecided
}

func decisionOf(task *v1alpha1.A2ATask) error {
	switch task.Status.Phase {
	case v1alpha1.A2ATaskCompleted:
		return nil
	case v1alpha1.A2ATaskFailed, v1alpha1.A2ATaskCancelled:
		return errRejected
	}
	return errUndecided
}

// decided reports whether a human has done what the query waits for.
func (r *queryReconciler) decided(ctx context.Context, query *v1alpha1.Query) (bool, error) {
	task := &v1alpha1.A2ATask{}
	if err := r.live.Get(ctx, client.ObjectKey{Namespace: query.Namespace, Name: *query.Status.Response.A2A.TaskID}, task); err != nil {
		return false, err
	}
	return !errors.Is(decisionOf(task), errUndecided), nil
}
