package main

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// The fields by which the cache finds objects.
const (
	indexAgent = "spec.target.agent"
	indexModel = "spec.modelRef.name"
)

func addIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	if err := indexer.IndexField(ctx, &v1alpha1.Query{}, indexAgent, func(o client.Object) []string {
		if target := o.(*v1alpha1.Query).Spec.Target; target != nil && target.Type == v1alpha1.TargetAgent {
			return []string{target.Name}
		}
		return nil
	}); err != nil {
		return err
	}
	return indexer.IndexField(ctx, &v1alpha1.Agent{}, indexModel, func(o client.Object) []string {
		if model := o.(*v1alpha1.Agent).Spec.ModelRef; model != nil {
			return []string{model.Name}
		}
		return nil
	})
}
