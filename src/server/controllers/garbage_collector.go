package controllers

import (
	"context"
	"sync"
	"time"

	"k8s.io/kubernetes/pkg/controller/garbagecollector"
)

// garbageCollection deletes objects whose owners are gone.
func garbageCollection(ctx context.Context, t *term) (func(context.Context), error) {
	const (
		workers            = 20
		initialSyncTimeout = 30 * time.Second
	)
	client, err := t.client("garbage-collector")
	if err != nil {
		return nil, err
	}
	metadataClient, err := t.metadataClient("garbage-collector")
	if err != nil {
		return nil, err
	}
	collector, err := garbagecollector.NewGarbageCollector(ctx, client, metadataClient, t.restMapper,
		garbagecollector.DefaultIgnoredResources(), newOwnershipInformers(t.anyInformers()), t.informersStarted)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) {
		var running sync.WaitGroup
		running.Go(func() { collector.Run(ctx, workers, initialSyncTimeout) })
		// Follows resources that come and go. Not the mapper's discovery client: the collector
		// resets that.
		running.Go(func() { collector.Sync(ctx, client.Discovery(), discoveryPeriod) })
		running.Wait()
	}, nil
}
