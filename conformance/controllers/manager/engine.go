package main

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// lookAtEngine reports whether what runs an agent elsewhere, an execution engine or an A2A server,
// is ready.
func (r *agentReconciler) lookAtEngine(ctx context.Context, agent *v1alpha1.Agent) (metav1.Condition, error) {
	engine := &v1prealpha1.ExecutionEngine{}
	kind, o, name := "ExecutionEngine", client.Object(engine), agent.Spec.ExecutionEngine.Name
	ready := func() bool { return engine.Status.Phase == "ready" }
	if name == a2aEngine {
		server := &v1prealpha1.A2AServer{}
		kind, o, name = "A2AServer", server, agent.Annotations[a2aServerAnnotation]
		ready = func() bool { return meta.IsStatusConditionTrue(server.Status.Conditions, a2aReady) }
	}
	err := r.Get(ctx, client.ObjectKey{Namespace: agent.Namespace, Name: name}, o)
	switch {
	case apierrors.IsNotFound(err):
		return metav1.Condition{Status: metav1.ConditionFalse, Reason: kind + "NotFound", Message: err.Error()}, nil
	case err != nil:
		return metav1.Condition{}, err
	case !ready():
		return metav1.Condition{Status: metav1.ConditionFalse, Reason: kind + "NotReady", Message: name + " is not ready"}, nil
	}
	return metav1.Condition{Status: metav1.ConditionTrue, Reason: kind + "Ready", Message: name + " is ready"}, nil
}
