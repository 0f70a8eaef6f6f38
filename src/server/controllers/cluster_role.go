package controllers

import (
	"context"

	"k8s.io/kubernetes/pkg/controller/clusterroleaggregation"
)

// clusterRoleAggregation fills in cluster roles with an aggregationRule, such as view, edit and
// admin.
func clusterRoleAggregation(_ context.Context, t *term) (func(context.Context), error) {
	const workers = 5
	client, err := t.client("clusterrole-aggregation-controller")
	if err != nil {
		return nil, err
	}
	controller := clusterroleaggregation.NewClusterRoleAggregation(t.informers.Rbac().V1().ClusterRoles(), client.RbacV1())
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}
