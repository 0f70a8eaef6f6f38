package main

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// The fields by which the cache finds objects.
const (
	indexAgent  = "spec.target.agent"
	indexModel  = "spec.modelRef.name"
	indexEngine = "spec.executionEngine.name"
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
	for index, ref := range map[string]func(*v1alpha1.Agent) *v1alpha1.NamedRef{
		indexModel:  func(agent *v1alpha1.Agent) *v1alpha1.NamedRef { return agent.Spec.ModelRef },
		indexEngine: func(agent *v1alpha1.Agent) *v1alpha1.NamedRef { return agent.Spec.ExecutionEngine },
	} {
		if err := indexer.IndexField(ctx, &v1alpha1.Agent{}, index, func(o client.Object) []string {
			if named := ref(o.(*v1alpha1.Agent)); named != nil {
				return []string{named.Name}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
