package main

import (
	"context"
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const (
	mcpAvailable   = "Available"
	mcpServerLabel = "mcp/server"
)

// mcpServers have a Tool for each tool of each MCP server. All tools of a server that cannot be
// asked go.
type mcpServers struct {
	client.Client
	live client.Client
}

func addMCPServers(mgr ctrl.Manager, live client.Client, _ *options) error {
	servers := &mcpServers{mgr.GetClient(), live}
	return addDiscovery(mgr, "MCPServer", &discovery[*v1alpha1.MCPServer]{
		Client: servers.Client,
		new:    func() *v1alpha1.MCPServer { return &v1alpha1.MCPServer{} },
		fields: func(s *v1alpha1.MCPServer) discoveryFields {
			return discoveryFields{s.Spec.Address, s.Spec.PollInterval, &s.Status.ResolvedAddress, &s.Status.Conditions}
		},
		known:    mcpAvailable,
		discover: servers.discover,
	})
}

func (r *mcpServers) discover(ctx context.Context, server *v1alpha1.MCPServer, address string) (string, error) {
	tools, err := listMCPTools(ctx, address)
	if err != nil {
		if err := r.DeleteAllOf(ctx, &v1alpha1.Tool{}, client.InNamespace(server.Namespace), client.MatchingLabels{mcpServerLabel: server.Name}); err != nil {
			return "", err
		}
		server.Status.ToolCount = new(int32)
		return "ToolListingFailed", err
	}
	if err := r.makeTools(ctx, server, tools); err != nil {
		return "ToolCreationFailed", err
	}
	server.Status.ToolCount = new(int32(len(tools)))
	return "ToolsDiscovered", nil
}

// makeTools has the tools of a server exist, and no others.
func (r *mcpServers) makeTools(ctx context.Context, server *v1alpha1.MCPServer, tools []mcpTool) error {
	wanted := map[string]bool{}
	for _, discovered := range tools {
		tool := &v1alpha1.Tool{ObjectMeta: metav1.ObjectMeta{Namespace: server.Namespace, Name: server.Name + "-" + discovered.Name}}
		wanted[tool.Name] = true
		if err := write(ctx, r.live, tool, func() error {
			tool.Labels = maps.Clone(server.Labels)
			metav1.SetMetaDataLabel(&tool.ObjectMeta, mcpServerLabel, server.Name)
			tool.Spec = v1alpha1.ToolSpec{
				Type: v1alpha1.ToolTypeMCP, Description: &discovered.Description, InputSchema: discovered.InputSchema,
				MCP: &v1alpha1.MCPTool{MCPServerRef: &v1alpha1.NamedRef{Name: server.Name}, ToolName: discovered.Name},
			}
			return controllerutil.SetControllerReference(server, tool, r.Scheme())
		}); err != nil {
			return err
		}
	}
	existing := &v1alpha1.ToolList{}
	if err := r.live.List(ctx, existing, client.InNamespace(server.Namespace), client.MatchingLabels{mcpServerLabel: server.Name}); err != nil {
		return err
	}
	for _, tool := range existing.Items {
		if !wanted[tool.Name] {
			if err := r.Delete(ctx, &tool); client.IgnoreNotFound(err) != nil {
				return err
			}
		}
	}
	return nil
}
