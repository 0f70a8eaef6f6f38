package storagetest

import (
	"maps"
	"testing"

	"k8s.io/component-base/metrics/legacyregistry"

	"ark.ai/apiserver/src/storage"
)

// Metric is what a scrape says now of an engine's metric; of a histogram, the number of its
// observations. labels are names and values in turn. ok is false if there is no such series.
func Metric(t testing.TB, engine *storage.Engine, name string, labels ...string) (value float64, ok bool) {
	t.Helper()
	return series(t, name, append([]string{"engine", engine.Name()}, labels...)...)
}

// series is Metric for a metric of the process.
func series(t testing.TB, name string, labels ...string) (value float64, ok bool) {
	t.Helper()
	want := make(map[string]string)
	for i := 0; i < len(labels); i += 2 {
		want[labels[i]] = labels[i+1]
	}
	families, err := legacyregistry.DefaultGatherer.Gather()
	if err != nil {
		t.Fatalf("scrape: %v", err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			got := make(map[string]string)
			for _, label := range metric.GetLabel() {
				got[label.GetName()] = label.GetValue()
			}
			if !maps.Equal(got, want) {
				continue
			}
			// It is of one type; the others are absent and 0.
			histogram := metric.GetHistogram().GetSampleCount()
			return metric.GetGauge().GetValue() + metric.GetCounter().GetValue() + float64(histogram), true
		}
	}
	return 0, false
}
