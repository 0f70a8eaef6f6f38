package changelog

import (
	"errors"
	"sync"
	"time"

	"k8s.io/component-base/metrics"
	"k8s.io/component-base/metrics/legacyregistry"

	"ark.ai/apiserver/src/storage/driver"
)

const subsystem = "storage"

// instruments are the metrics of all logs of a process that have the same Options.Name.
type instruments struct {
	commitLatency, batchSize *metrics.HistogramVec
	running                  *collector
}

var (
	instrumentsMutex  sync.Mutex
	instrumentsByName = make(map[string]*instruments)
)

// instrumentsOf registers metrics when the first log with a name is opened, so that importing the
// package does nothing.
func instrumentsOf(name string) *instruments {
	instrumentsMutex.Lock()
	defer instrumentsMutex.Unlock()
	if made, ok := instrumentsByName[name]; ok {
		return made
	}
	made := newInstruments(name)
	legacyregistry.MustRegister(made.commitLatency, made.batchSize)
	legacyregistry.CustomMustRegister(made.running)
	instrumentsByName[name] = made
	return made
}

func newInstruments(namespace string) *instruments {
	return &instruments{
		commitLatency: metrics.NewHistogramVec(&metrics.HistogramOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "commit_duration_seconds",
			Help:           "Time that commits of a batch of writes took, by outcome.",
			Buckets:        metrics.ExponentialBuckets(0.0001, 2.5, 12),
			StabilityLevel: metrics.ALPHA,
		}, []string{"engine", "outcome"}),
		batchSize: metrics.NewHistogramVec(&metrics.HistogramOpts{
			Namespace:      namespace,
			Subsystem:      subsystem,
			Name:           "commit_batch_writes",
			Help:           "Number of writes that were committed together.",
			Buckets:        metrics.ExponentialBuckets(1, 2, 9),
			StabilityLevel: metrics.ALPHA,
		}, []string{"engine"}),
		running: newCollector(namespace),
	}
}

// add begins to tell of a log. All outcomes of commits are there from then on: what is counted from
// its first time on has not increased then.
func (i *instruments) add(l *Log) (engine string) {
	engine = i.running.add(l)
	for _, outcome := range commitOutcomes {
		i.commitLatency.WithLabelValues(engine, outcome)
	}
	return engine
}

func (i *instruments) observeCommit(engine string, writes int, err error, start time.Time) {
	i.batchSize.WithLabelValues(engine).Observe(float64(writes))
	i.commitLatency.WithLabelValues(engine, commitOutcome(err)).Observe(time.Since(start).Seconds())
}

// remove forgets a log that is closed, and what it has observed: the next one may get its name.
func (i *instruments) remove(engine string) {
	i.running.remove(engine)
	i.batchSize.Delete(map[string]string{"engine": engine})
	for _, outcome := range commitOutcomes {
		i.commitLatency.Delete(map[string]string{"engine": engine, "outcome": outcome})
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
