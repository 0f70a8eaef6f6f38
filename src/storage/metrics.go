package storage

import (
	"errors"
	"sync"
	"time"

	"k8s.io/component-base/metrics"
	"k8s.io/component-base/metrics/legacyregistry"
)

var (
	operationLatency = metrics.NewHistogramVec(&metrics.HistogramOpts{
		Namespace:      "ark",
		Subsystem:      "storage",
		Name:           "operation_duration_seconds",
		Help:           "Time that operations of the storage took, by operation, resource and outcome.",
		Buckets:        metrics.ExponentialBuckets(0.0001, 2.5, 12),
		StabilityLevel: metrics.ALPHA,
	}, []string{"operation", "group", "resource", "outcome"})

	commitLatency = metrics.NewHistogramVec(&metrics.HistogramOpts{
		Namespace:      "ark",
		Subsystem:      "storage",
		Name:           "commit_duration_seconds",
		Help:           "Time that commits of a batch of writes took, by database driver and outcome.",
		Buckets:        metrics.ExponentialBuckets(0.0001, 2.5, 12),
		StabilityLevel: metrics.ALPHA,
	}, []string{"driver", "outcome"})

	batchSize = metrics.NewHistogramVec(&metrics.HistogramOpts{
		Namespace:      "ark",
		Subsystem:      "storage",
		Name:           "commit_batch_writes",
		Help:           "Number of writes that were committed together, by database driver.",
		Buckets:        metrics.ExponentialBuckets(1, 2, 9),
		StabilityLevel: metrics.ALPHA,
	}, []string{"driver"})
)

// registerMetrics is called when the first engine is made, so that importing the package does nothing.
var registerMetrics = sync.OnceFunc(func() {
	legacyregistry.MustRegister(operationLatency, commitLatency, batchSize)
})

func observeCommit(driver string, writes int, err error, start time.Time) {
	batchSize.WithLabelValues(driver).Observe(float64(writes))
	commitLatency.WithLabelValues(driver, outcome(err)).Observe(time.Since(start).Seconds())
}

// observe records an operation of a store; it is deferred with the address of the operation's error.
func (s *store) observe(operation string, start time.Time, err *error) {
	operationLatency.WithLabelValues(operation, s.GroupResource.Group, s.GroupResource.Resource, outcome(*err)).
		Observe(time.Since(start).Seconds())
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errConflict):
		return "conflict"
	case errors.Is(err, ErrUnavailable):
		return "unavailable"
	case errors.Is(err, ErrUnknownOutcome):
		return "unknown"
	default:
		return "error"
	}
}
