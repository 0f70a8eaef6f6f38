package controllers

import (
	"context"

	"k8s.io/klog/v2"

	"k8s.io/kubernetes/pkg/controller/certificates/rootcacertpublisher"
	"k8s.io/kubernetes/pkg/controller/serviceaccount"
)

// defaultServiceAccounts gives every namespace a service account named default.
func defaultServiceAccounts(ctx context.Context, t *term) (func(context.Context), error) {
	const workers = 1
	client, err := t.client("service-account-controller")
	if err != nil {
		return nil, err
	}
	controller, err := serviceaccount.NewServiceAccountsController(klog.FromContext(ctx),
		t.informers.Core().V1().ServiceAccounts(), t.informers.Core().V1().Namespaces(), client,
		serviceaccount.DefaultServiceAccountsControllerOptions())
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}

// serviceAccountTokens fills in secrets of type kubernetes.io/service-account-token.
func serviceAccountTokens(ctx context.Context, t *term) (func(context.Context), error) {
	const workers = 5
	if t.config.LegacyTokens == nil {
		return nil, nil
	}
	client, err := t.client("tokens-controller")
	if err != nil {
		return nil, err
	}
	controller, err := serviceaccount.NewTokensController(klog.FromContext(ctx),
		t.informers.Core().V1().ServiceAccounts(), t.informers.Core().V1().Secrets(), client,
		serviceaccount.TokensControllerOptions{TokenGenerator: t.config.LegacyTokens, RootCA: t.config.RootCA})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}

// rootCAPublisher keeps the config map kube-root-ca.crt in every namespace.
func rootCAPublisher(_ context.Context, t *term) (func(context.Context), error) {
	const workers = 1
	client, err := t.client("root-ca-cert-publisher")
	if err != nil {
		return nil, err
	}
	publisher, err := rootcacertpublisher.NewPublisher(t.informers.Core().V1().ConfigMaps(),
		t.informers.Core().V1().Namespaces(), client, t.config.RootCA)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) { publisher.Run(ctx, workers) }, nil
}
