package main

import (
	"context"
	"maps"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const (
	mcpAvailable   = "Available"
	mcpServerLabel = "mcp/server"
)

// mcpServerReconciler has a Tool for each tool of each MCP server. All tools of a server that cannot be asked go.
type mcpServerReconciler struct {
	client.Client
	live client.Client
}

func addMCPServers(mgr ctrl.Manager, live client.Client, _ *options) error {
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.MCPServer{}, builder.WithPredicates(journal(mgr.GetLogger(), "MCPServer"))).
		Complete(&mcpServerReconciler{mgr.GetClient(), live})
}

func (r *mcpServerReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	server := &v1alpha1.MCPServer{}
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
	// At each poll the status is updated, and every tool, whether anything has changed or not.
	tell := func(available metav1.ConditionStatus, reason, message string) (ctrl.Result, error) {
		for kind, status := range map[string]metav1.ConditionStatus{mcpAvailable: available, discovering: metav1.ConditionFalse} {
			meta.SetStatusCondition(&server.Status.Conditions, metav1.Condition{
				Type: kind, Status: status, Reason: reason, Message: message, ObservedGeneration: server.Generation,
			})
		}
		if err := r.Status().Update(ctx, server); err != nil {
			return ctrl.Result{}, err
		}
		return ctrl.Result{RequeueAfter: interval}, nil
	}
	address, err := resolveValue(ctx, r.Client, server.Namespace, server.Spec.Address)
	if err != nil {
		return tell(metav1.ConditionFalse, "AddressResolutionFailed", err.Error())
	}
	server.Status.ResolvedAddress = address
	tools, err := listMCPTools(ctx, address)
	if err != nil {
		if err := r.DeleteAllOf(ctx, &v1alpha1.Tool{}, client.InNamespace(server.Namespace), client.MatchingLabels{mcpServerLabel: server.Name}); err != nil {
			return ctrl.Result{}, err
		}
		server.Status.ToolCount = new(int32)
		return tell(metav1.ConditionFalse, "ToolListingFailed", err.Error())
	}
	switch err := r.makeTools(ctx, server, tools); {
	case apierrors.IsConflict(err):
		return ctrl.Result{}, err
	case err != nil:
		return tell(metav1.ConditionFalse, "ToolCreationFailed", err.Error())
	}
	server.Status.ToolCount = new(int32(len(tools)))
	return tell(metav1.ConditionTrue, "ToolsDiscovered", "The tools are known")
}

// makeTools has the tools of a server exist, and no others.
func (r *mcpServerReconciler) makeTools(ctx context.Context, server *v1alpha1.MCPServer, tools []mcpTool) error {
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
