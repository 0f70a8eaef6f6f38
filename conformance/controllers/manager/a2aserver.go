package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

const (
	a2aReady       = "Ready"
	discovering    = "Discovering"
	a2aServerLabel = "a2a.server/name"
	// a2aServerAnnotation says the same as the label.
	a2aServerAnnotation = v1alpha1.GroupName + "/a2a-server-name"
	// a2aEngine is the execution engine of agents that are run by an A2A server.
	a2aEngine = "a2a"
)

// a2aServerReconciler makes an agent of what each A2A server says of itself. All agents of a server that says nothing
// any more go.
type a2aServerReconciler struct {
	client.Client
	live client.Client
}

func addA2AServers(mgr ctrl.Manager, live client.Client, _ *options) error {
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1prealpha1.A2AServer{}, builder.WithPredicates(journal(mgr.GetLogger(), "A2AServer"))).
		Complete(&a2aServerReconciler{mgr.GetClient(), live})
}

func (r *a2aServerReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	server := &v1prealpha1.A2AServer{}
	if err := r.Get(ctx, request.NamespacedName, server); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !server.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, nil
	}
	interval, err := server.Spec.PollInterval.Parse()
	if err != nil {
		return ctrl.Result{}, err
	}
	tell := func(ready, busy metav1.ConditionStatus, reason, message string) (ctrl.Result, error) {
		for kind, status := range map[string]metav1.ConditionStatus{a2aReady: ready, discovering: busy} {
			meta.SetStatusCondition(&server.Status.Conditions, metav1.Condition{
				Type: kind, Status: status, Reason: reason, Message: message, ObservedGeneration: server.Generation,
			})
		}
		if err := r.Status().Update(ctx, server); err != nil {
			return ctrl.Result{}, err
		}
		return ctrl.Result{RequeueAfter: interval}, nil
	}
	if len(server.Status.Conditions) == 0 {
		if result, err := tell(metav1.ConditionFalse, metav1.ConditionTrue, "StartingDiscovery", "The server is asked"); err != nil {
			return result, err
		}
	}
	address, err := resolveValue(ctx, r.Client, server.Namespace, server.Spec.Address)
	if err != nil {
		return tell(metav1.ConditionFalse, metav1.ConditionFalse, "AddressResolutionFailed", err.Error())
	}
	server.Status.LastResolvedAddress = address
	card, err := fetchCard(ctx, address)
	if err != nil {
		if err := r.DeleteAllOf(ctx, &v1alpha1.Agent{}, client.InNamespace(server.Namespace), client.MatchingLabels{a2aServerLabel: server.Name}); err != nil {
			return ctrl.Result{}, err
		}
		return tell(metav1.ConditionFalse, metav1.ConditionFalse, "DiscoveryFailed", err.Error())
	}
	switch err := r.makeAgent(ctx, server, card); {
	case apierrors.IsConflict(err):
		return ctrl.Result{}, err
	case err != nil:
		return tell(metav1.ConditionFalse, metav1.ConditionFalse, "AgentCreationFailed", err.Error())
	}
	return tell(metav1.ConditionTrue, metav1.ConditionFalse, "DiscoveryComplete", "The agent is known")
}

// agentCard is what an A2A server says of itself.
type agentCard struct{ Name, Description string }

func fetchCard(ctx context.Context, address string) (*agentCard, error) {
	data, err := exchange(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/.well-known/agent-card.json", "", nil)
	if err != nil {
		return nil, err
	}
	card := &agentCard{}
	return card, json.Unmarshal(data, card)
}

func (r *a2aServerReconciler) makeAgent(ctx context.Context, server *v1prealpha1.A2AServer, card *agentCard) error {
	agent := &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Namespace: server.Namespace, Name: card.Name}}
	return write(ctx, r.live, agent, func() error {
		agent.Labels = maps.Clone(server.Labels)
		metav1.SetMetaDataLabel(&agent.ObjectMeta, a2aServerLabel, server.Name)
		metav1.SetMetaDataAnnotation(&agent.ObjectMeta, a2aServerAnnotation, server.Name)
		agent.Spec.Description, agent.Spec.Prompt = &card.Description, &card.Description
		agent.Spec.ExecutionEngine = &v1alpha1.NamedRef{Name: a2aEngine}
		return controllerutil.SetOwnerReference(server, agent, r.Scheme())
	})
}
