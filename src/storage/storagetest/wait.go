package storagetest

import (
	"errors"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
)

// Run starts an engine on backend, which it owns from then on, until the test ends.
func Run(t testing.TB, backend driver.Backend, options storage.Options) *storage.Engine {
	t.Helper()
	engine, err := storage.Open(t.Context(), backend, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// EventuallyMetric waits until a metric of the engine is as wanted.
func EventuallyMetric(t testing.TB, engine *storage.Engine, name string, want types.GomegaMatcher, patience time.Duration) {
	t.Helper()
	gomega.NewWithT(t).Eventually(func() float64 {
		value, ok := Metric(t, engine, name)
		if !ok {
			t.Fatalf("%s is missing", name)
		}
		return value
	}).WithTimeout(patience).Should(want, name)
}

// Recovers waits until the backend's database answers again. Meanwhile it is unavailable, and
// nothing else.
func Recovers(t testing.TB, backend driver.Backend, patience time.Duration) {
	t.Helper()
	gomega.NewWithT(t).Eventually(func() error {
		err := backend.Ping(t.Context())
		if err != nil && !errors.Is(err, driver.ErrUnavailable) {
			t.Fatalf("ping while the server is away: got error %v, want ErrUnavailable", err)
		}
		return err
	}).WithTimeout(patience).Should(gomega.Succeed())
}
