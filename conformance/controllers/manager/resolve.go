package main

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// notReady says why a query has to wait.
type notReady struct{ reason string }

func (n *notReady) Error() string { return n.reason }

// resolveQuery goes from a query to the agent it asks, and to the endpoint of the agent's model.
func resolveQuery(ctx context.Context, reader client.Reader, query *v1alpha1.Query) (*v1alpha1.Agent, *endpoint, error) {
	target := query.Spec.Target
	if target == nil || target.Type != v1alpha1.TargetAgent {
		return nil, nil, &notReady{"only agents can be asked"}
	}
	agent := &v1alpha1.Agent{}
	err := reader.Get(ctx, client.ObjectKey{Namespace: query.Namespace, Name: target.Name}, agent)
	if apierrors.IsNotFound(err) {
		return nil, nil, &notReady{fmt.Sprintf("there is no agent %s", target.Name)}
	}
	if err != nil {
		return nil, nil, err
	}
	if agent.Spec.ExecutionEngine != nil {
		return nil, nil, &notReady{fmt.Sprintf("agent %s is not run here", target.Name)}
	}
	if !meta.IsStatusConditionTrue(agent.Status.Conditions, agentAvailable) {
		return nil, nil, &notReady{fmt.Sprintf("agent %s is not available", target.Name)}
	}
	model, err := modelOf(ctx, reader, agent)
	if err != nil {
		return nil, nil, err
	}
	endpoint, err := resolveModel(ctx, reader, model)
	return agent, endpoint, err
}

// resolveModel looks up where a model is, and the key for it.
func resolveModel(ctx context.Context, reader client.Reader, model *v1alpha1.Model) (*endpoint, error) {
	if model.Spec.Config == nil || model.Spec.Config.OpenAI == nil {
		return nil, fmt.Errorf("model %s has no settings for %s", model.Name, v1alpha1.ProviderOpenAI)
	}
	e := &endpoint{}
	for text, source := range map[*string]*v1alpha1.ValueSource{
		&e.url: model.Spec.Config.OpenAI.BaseURL, &e.key: model.Spec.Config.OpenAI.APIKey, &e.model: model.Spec.Model,
	} {
		var err error
		if *text, err = resolveValue(ctx, reader, model.Namespace, source); err != nil {
			return nil, fmt.Errorf("model %s: %w", model.Name, err)
		}
	}
	e.url = strings.TrimSuffix(e.url, "/")
	return e, nil
}

func resolveValue(ctx context.Context, reader client.Reader, namespace string, source *v1alpha1.ValueSource) (string, error) {
	if source == nil {
		return "", fmt.Errorf("there is no value")
	}
	switch from := source.ValueFrom; {
	case from == nil:
		return ptr.Deref(source.Value, ""), nil
	case from.SecretKeyRef != nil:
		secret := &corev1.Secret{}
		if err := reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: from.SecretKeyRef.Name}, secret); err != nil {
			return "", err
		}
		value, ok := secret.Data[from.SecretKeyRef.Key]
		if !ok {
			return "", fmt.Errorf("secret %s has no key %s", secret.Name, from.SecretKeyRef.Key)
		}
		return string(value), nil
	case from.ConfigMapKeyRef != nil:
		configMap := &corev1.ConfigMap{}
		if err := reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: from.ConfigMapKeyRef.Name}, configMap); err != nil {
			return "", err
		}
		value, ok := configMap.Data[from.ConfigMapKeyRef.Key]
		if !ok {
			return "", fmt.Errorf("config map %s has no key %s", configMap.Name, from.ConfigMapKeyRef.Key)
		}
		return value, nil
	case from.ServiceRef != nil:
		return resolveService(ctx, reader, namespace, from.ServiceRef)
	}
	return "", fmt.Errorf("only values, secrets, config maps and services can be looked up")
}
