package main

import (
	"cmp"
	"context"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// lifetime is how long a query is kept. Where CustomResourceDefinitions serve it, nobody has filled in the ttl of one
// that was created without.
func (r *queryReconciler) lifetime(ctx context.Context, query *v1alpha1.Query) (time.Duration, error) {
	ttl := query.Spec.TTL
	if ttl == "" {
		config := &v1alpha1.ArkConfig{}
		if err := r.live.Get(ctx, client.ObjectKey{Name: "default"}, config); client.IgnoreNotFound(err) != nil {
			return 0, err
		}
		ttl = cmp.Or(config.Spec.QueryTTL, "720h")
	}
	return ttl.Parse()
}
