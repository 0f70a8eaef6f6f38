package controllers

import (
	"context"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/quota/v1/generic"

	kubecontroller "k8s.io/kubernetes/pkg/controller"
	"k8s.io/kubernetes/pkg/controller/resourcequota"
	"k8s.io/kubernetes/pkg/quota/v1/evaluator/core"
	quotainstall "k8s.io/kubernetes/pkg/quota/v1/install"
)

// resourceQuota keeps the usage in the status of quotas.
func resourceQuota(ctx context.Context, t *term) (func(context.Context), error) {
	const (
		workers    = 5
		syncPeriod = 5 * time.Minute
	)
	client, err := t.client("resource-quota-controller")
	if err != nil {
		return nil, err
	}
	// The evaluators that depend on it are for Services, and for pods and what belongs to them,
	// which are not served here. All others count objects.
	enabled := func(resource schema.GroupVersionResource) bool {
		return resource == corev1.SchemeGroupVersion.WithResource("services")
	}
	evaluators, err := core.NewEvaluators(generic.ListerFuncForResourceFunc(t.informers.ForResource), t.informers, enabled)
	if err != nil {
		return nil, err
	}
	discover := client.Discovery().ServerPreferredNamespacedResources
	quota, err := resourcequota.NewController(ctx, &resourcequota.ControllerOptions{
		QuotaClient:               client.CoreV1(),
		ResourceQuotaInformer:     t.informers.Core().V1().ResourceQuotas(),
		ResyncPeriod:              kubecontroller.StaticResyncPeriodFunc(syncPeriod),
		InformerFactory:           t.anyInformers(),
		ReplenishmentResyncPeriod: kubecontroller.StaticResyncPeriodFunc(resyncPeriod),
		DiscoveryFunc:             discover,
		IgnoredResourcesFunc:      quotainstall.DefaultIgnoredResources,
		InformersStarted:          t.informersStarted,
		Registry:                  generic.NewRegistry(evaluators),
		UpdateFilter:              quotainstall.DefaultUpdateFilter(),
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) {
		var running sync.WaitGroup
		running.Go(func() { quota.Run(ctx, workers) })
		running.Go(func() { quota.Sync(ctx, discover, discoveryPeriod) })
		running.Wait()
	}, nil
}
