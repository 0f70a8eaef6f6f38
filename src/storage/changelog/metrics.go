package changelog

import (
	"errors"
	"sync"
	"time"

	"k8s.io/component-base/metrics"
	"k8s.io/component-base/metrics/legacyregistry"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	namespace = "ark"
	subsystem = "storage"
)

var (
	commitLatency = metrics.NewHistogramVec(&metrics.HistogramOpts{
		Namespace:      namespace,
		Subsystem:      subsystem,
		Name:           "commit_duration_seconds",
		Help:           "Time that commits of a batch of writes took, by outcome.",
		Buckets:        metrics.ExponentialBuckets(0.0001, 2.5, 12),
		StabilityLevel: metrics.ALPHA,
	}, []string{"engine", "outcome"})

	batchSize = metrics.NewHistogramVec(&metrics.HistogramOpts{
		Namespace:      namespace,
		Subsystem:      subsystem,
		Name:           "commit_batch_writes",
		Help:           "Number of writes that were committed together.",
		Buckets:        metrics.ExponentialBuckets(1, 2, 9),
		StabilityLevel: metrics.ALPHA,
	}, []string{"engine"})
)

// registerMetrics is called when the first log is opened, so that importing the package does nothing.
var registerMetrics = sync.OnceFunc(func() {
	legacyregistry.MustRegister(commitLatency, batchSize)
	legacyregistry.CustomMustRegister(running)
})

func observeCommit(engine string, writes int, err error, start time.Time) {
	batchSize.WithLabelValues(engine).Observe(float64(writes))
	commitLatency.WithLabelValues(engine, commitOutcome(err)).Observe(time.Since(start).Seconds())
}

// forgetCommits removes what an engine that is closed has observed: the next one may get its name.
func forgetCommits(engine string) {
	batchSize.Delete(map[string]string{"engine": engine})
	for _, outcome := range commitOutcomes {
		commitLatency.Delete(map[string]string{"engine": engine, "outcome": outcome})
	}
}

// Outcomes of commits.
const (
	outcomeOK          = "ok"
	outcomeUnavailable = "unavailable"
	outcomeUnknown     = "unknown"
	outcomeError       = "error"
)

var commitOutcomes = []string{outcomeOK, outcomeUnavailable, outcomeUnknown, outcomeError}

func commitOutcome(err error) string {
	switch {
	case err == nil:
		return outcomeOK
	case errors.Is(err, driver.ErrUnknownOutcome):
		return outcomeUnknown
	case errors.Is(err, driver.ErrUnavailable):
		return outcomeUnavailable
	default:
		return outcomeError
	}
}
