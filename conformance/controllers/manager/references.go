package main

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// checkReferences fails if something does not exist that an object refers to.
func checkReferences(ctx context.Context, reader client.Reader, o client.Object) error {
	values := func(sources ...*v1alpha1.ValueSource) error {
		for _, source := range sources {
			if _, err := resolveValue(ctx, reader, o.GetNamespace(), source); err != nil {
				return err
			}
		}
		return nil
	}
	exists := func(kind, name string) error { return checkExists(ctx, reader, o.GetNamespace(), kind, name) }
	switch o := o.(type) {
	case *v1alpha1.Agent:
		for i := range o.Spec.Parameters {
			if err := values(&v1alpha1.ValueSource{Value: o.Spec.Parameters[i].Value, ValueFrom: o.Spec.Parameters[i].ValueFrom}); err != nil {
				return err
			}
		}
	case *v1alpha1.Evaluation:
		if o.Spec.Evaluator != nil {
			return exists("evaluator", o.Spec.Evaluator.Name)
		}
	case *v1alpha1.Model:
		if openAI := o.Spec.Config.OpenAI; openAI != nil {
			return values(o.Spec.Model, openAI.BaseURL, openAI.APIKey)
		}
	case *v1alpha1.Query:
		if target := o.Spec.Target; target != nil {
			return exists(string(target.Type), target.Name)
		}
	case *v1alpha1.Team:
		for _, member := range o.Spec.Members {
			if err := exists(string(member.Type), member.Name); err != nil {
				return err
			}
		}
	case *v1alpha1.Memory:
		return values(o.Spec.Address)
	case *v1alpha1.MCPServer:
		return values(o.Spec.Address)
	case *v1alpha1.Evaluator:
		return values(o.Spec.Address)
	case *v1alpha1.A2AServer:
		return values(o.Spec.Address)
	case *v1prealpha1.A2AServer:
		return values(o.Spec.Address)
	case *v1alpha1.ExecutionEngine:
		return values(o.Spec.Address)
	case *v1prealpha1.ExecutionEngine:
		return values(o.Spec.Address)
	}
	return nil
}

func checkExists(ctx context.Context, reader client.Reader, namespace, kind, name string) error {
	o, ok := map[string]client.Object{
		"agent": &v1alpha1.Agent{}, "evaluator": &v1alpha1.Evaluator{}, "model": &v1alpha1.Model{}, "team": &v1alpha1.Team{}, "tool": &v1alpha1.Tool{},
	}[kind]
	if !ok {
		return fmt.Errorf("there is no kind %s", kind)
	}
	return reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, o)
}
