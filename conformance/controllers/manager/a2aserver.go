package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

const (
	a2aReady       = "Ready"
	a2aServerLabel = "a2a.server/name"
	// a2aServerAnnotation says the same as the label.
	a2aServerAnnotation = v1alpha1.GroupName + "/a2a-server-name"
	// a2aEngine is the execution engine of agents that are run by an A2A server.
	a2aEngine = "a2a"
)

// a2aServers make an agent of what each A2A server says of itself. All agents of a server that says
// nothing any more go.
type a2aServers struct {
	client.Client
	live client.Client
}

func addA2AServers(mgr ctrl.Manager, live client.Client, _ *options) error {
	servers := &a2aServers{mgr.GetClient(), live}
	return addDiscovery(mgr, "A2AServer", &discovery[*v1prealpha1.A2AServer]{
		Client: servers.Client,
		new:    func() *v1prealpha1.A2AServer { return &v1prealpha1.A2AServer{} },
		fields: func(s *v1prealpha1.A2AServer) discoveryFields {
			return discoveryFields{s.Spec.Address, s.Spec.PollInterval, &s.Status.LastResolvedAddress, &s.Status.Conditions}
		},
		known:     a2aReady,
		announced: true,
		discover:  servers.discover,
	})
}

func (r *a2aServers) discover(ctx context.Context, server *v1prealpha1.A2AServer, address string) (string, error) {
	card, err := fetchCard(ctx, address)
	if err != nil {
		if err := r.DeleteAllOf(ctx, &v1alpha1.Agent{}, client.InNamespace(server.Namespace), client.MatchingLabels{a2aServerLabel: server.Name}); err != nil {
			return "", err
		}
		return "DiscoveryFailed", err
	}
	if err := r.makeAgent(ctx, server, card); err != nil {
		return "AgentCreationFailed", err
	}
	return "DiscoveryComplete", nil
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

func (r *a2aServers) makeAgent(ctx context.Context, server *v1prealpha1.A2AServer, card *agentCard) error {
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
