package storage

import (
	"context"
	"errors"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/component-base/metrics"
	"k8s.io/component-base/metrics/legacyregistry"
)

const subsystem = "storage"

// instruments are the metrics of all engines of a process that have the same name.
type instruments struct {
	operations *metrics.HistogramVec
	// Those that follow are about the indexes of resources.
	indexBytes, indexRevision, indexFilled *metrics.GaugeVec
	indexLists, indexChecks                *metrics.CounterVec
}

var instrumentsByName sync.Map

// instrumentsOf registers metrics when the first engine with a name is opened, so that importing
// the package does nothing.
func instrumentsOf(name string) *instruments {
	made, found := instrumentsByName.LoadOrStore(name, newInstruments(name))
	m := made.(*instruments)
	if !found {
		legacyregistry.MustRegister(m.operations, m.indexBytes, m.indexRevision, m.indexFilled, m.indexLists, m.indexChecks)
	}
	return m
}

func newInstruments(namespace string) *instruments {
	return &instruments{
		operations: metrics.NewHistogramVec(&metrics.HistogramOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "operation_duration_seconds",
			Help:           "Time that operations of the storage took, by operation, resource and outcome.",
			Buckets:        metrics.ExponentialBuckets(0.0001, 3, 12), // lists take up to the minute that a request has
			StabilityLevel: metrics.ALPHA,
		}, []string{"operation", "group", "resource", "outcome"}),
		indexBytes: metrics.NewGaugeVec(&metrics.GaugeOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "index_bytes",
			Help:           "Bytes on disk of the index of a resource's fields; 0 while there is none.",
			StabilityLevel: metrics.ALPHA,
		}, []string{"group", "resource"}),
		indexRevision: metrics.NewGaugeVec(&metrics.GaugeOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "index_revision",
			Help:           "Revision that the index of a resource's fields has reached; 0 while there is none.",
			StabilityLevel: metrics.ALPHA,
		}, []string{"group", "resource"}),
		indexFilled: metrics.NewGaugeVec(&metrics.GaugeOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "index_filled_objects",
			Help:           "Objects that the index of a resource's fields has so far while it is made; 0 when none is.",
			StabilityLevel: metrics.ALPHA,
		}, []string{"group", "resource"}),
		indexChecks: metrics.NewCounterVec(&metrics.CounterOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "index_checks_total",
			Help:           "Number of times that objects were looked for in an index by what they are, by outcome: ok or wrong.",
			StabilityLevel: metrics.ALPHA,
		}, []string{"group", "resource", "outcome"}),
		indexLists: metrics.NewCounterVec(&metrics.CounterOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "index_lists_total",
			Help:           "Number of lists, and pages of lists, that were answered by way of an index.",
			StabilityLevel: metrics.ALPHA,
		}, []string{"group", "resource"}),
	}
}

// observe records an operation of a store; it is deferred with the address of the operation's
// error.
func (s *store) observe(operation string, start time.Time, err *error) {
	s.engine.metrics.operations.WithLabelValues(operation, s.GroupResource.Group, s.GroupResource.Resource, operationOutcome(*err)).
		Observe(time.Since(start).Seconds())
}

// Outcomes of operations.
const (
	outcomeOK          = "ok"
	outcomeNotFound    = "not_found"
	outcomeConflict    = "conflict"
	outcomeRefused     = "refused" // for a reason that is the client's
	outcomeCanceled    = "canceled"
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
	case errors.Is(err, context.Canceled):
		return outcomeCanceled
	case apierrors.IsServiceUnavailable(err):
		return outcomeUnavailable
	case storage.IsInvalidObj(err), errors.As(err, &status) && status.Status().Code/100 == 4:
		return outcomeRefused
	default:
		return outcomeError
	}
}
