package storage

import (
	"errors"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/component-base/metrics"
	"k8s.io/component-base/metrics/legacyregistry"
)

// operationLatencies are the histograms of all operations, by the engines' names.
var operationLatencies sync.Map

// operationLatency registers the histogram when the first engine with a name is opened, so that
// importing the package does nothing.
func operationLatency(name string) *metrics.HistogramVec {
	made, found := operationLatencies.LoadOrStore(name, metrics.NewHistogramVec(&metrics.HistogramOpts{
		Namespace:      name,
		Subsystem:      "storage",
		Name:           "operation_duration_seconds",
		Help:           "Time that operations of the storage took, by operation, resource and outcome.",
		Buckets:        metrics.ExponentialBuckets(0.0001, 2.5, 12),
		StabilityLevel: metrics.ALPHA,
	}, []string{"operation", "group", "resource", "outcome"}))
	histogram := made.(*metrics.HistogramVec)
	if !found {
		legacyregistry.MustRegister(histogram)
	}
	return histogram
}

// indexMetrics are those of all indexes of engines with a name.
type indexMetrics struct {
	bytes *metrics.GaugeVec
	lists *metrics.CounterVec
}

// indexMetricsByName are registered as operationLatencies are.
var indexMetricsByName sync.Map

func indexMetricsOf(name string) *indexMetrics {
	labels := []string{"group", "resource"}
	made, found := indexMetricsByName.LoadOrStore(name, &indexMetrics{
		bytes: metrics.NewGaugeVec(&metrics.GaugeOpts{
			Namespace:      name,
			Subsystem:      "storage",
			Name:           "index_bytes",
			Help:           "Bytes on disk of the index of a resource's fields; 0 while there is none.",
			StabilityLevel: metrics.ALPHA,
		}, labels),
		lists: metrics.NewCounterVec(&metrics.CounterOpts{
			Namespace:      name,
			Subsystem:      "storage",
			Name:           "index_lists_total",
			Help:           "Number of lists, and pages of lists, that were answered by way of an index.",
			StabilityLevel: metrics.ALPHA,
		}, labels),
	})
	m := made.(*indexMetrics)
	if !found {
		legacyregistry.MustRegister(m.bytes, m.lists)
	}
	return m
}

// observe records an operation of a store; it is deferred with the address of the operation's
// error.
func (s *store) observe(operation string, start time.Time, err *error) {
	s.engine.operations.WithLabelValues(operation, s.GroupResource.Group, s.GroupResource.Resource, operationOutcome(*err)).
		Observe(time.Since(start).Seconds())
}

// Outcomes of operations.
const (
	outcomeOK          = "ok"
	outcomeNotFound    = "not_found"
	outcomeConflict    = "conflict"
	outcomeRefused     = "refused" // for a reason that is the client's
	outcomeUnavailable = "unavailable"
	outcomeError       = "error"
)

// operationOutcome classifies what a client gets. 503 stands for an unknown outcome too.
func operationOutcome(err error) string {
	var status apierrors.APIStatus
	switch {
	case err == nil:
		return outcomeOK
	case storage.IsNotFound(err):
		return outcomeNotFound
	case storage.IsExist(err), storage.IsConflict(err), apierrors.IsConflict(err):
		return outcomeConflict
	case apierrors.IsServiceUnavailable(err):
		return outcomeUnavailable
	case storage.IsInvalidObj(err), errors.As(err, &status) && status.Status().Code/100 == 4:
		return outcomeRefused
	default:
		return outcomeError
	}
}
