package health

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/healthz"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/postgresql"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestChecksDuringAnOutage: what /readyz, /healthz and /livez say while PostgreSQL is stopped, and
// when it is back.
func TestChecksDuringAnOutage(t *testing.T) {
	t.Parallel()
	postgres := postgrestest.New(t)
	database := postgres.NewDatabase(t)
	backend, err := postgresql.Open(t.Context(), postgresql.Options{DSN: database.DSN()})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	config := genericapiserver.NewConfig(serializer.NewCodecFactory(runtime.NewScheme()))
	AddDatabaseChecks(config, engine)
	mux := http.NewServeMux()
	healthz.InstallReadyzHandler(mux, config.ReadyzChecks...)
	healthz.InstallHandler(mux, config.HealthzChecks...)
	healthz.InstallLivezHandler(mux, config.LivezChecks...)

	// failed are the checks of a path that fail; those that succeed are told by name too.
	failed := func(path string) (failed []string) {
		t.Helper()
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path+"?verbose", nil))
		for line := range strings.Lines(answer.Body.String()) {
			if name, fails := strings.CutPrefix(line, "[-]"); fails {
				failed = append(failed, strings.Fields(name)[0])
			}
		}
		if (answer.Code == http.StatusOK) != (len(failed) == 0) {
			t.Fatalf("%s: status %d with %s", path, answer.Code, answer.Body)
		}
		return failed
	}
	eventually := NewWithT(t).Eventually
	ready := func() []string { return failed("/readyz") }
	eventually(ready).WithTimeout(time.Minute).Should(BeEmpty())

	postgres.Stop(t)
	eventually(ready).WithTimeout(time.Minute).Should(ConsistOf(databaseCheckName, logTailCheckName))
	if checks := failed("/healthz"); !slices.Equal(checks, []string{databaseCheckName}) {
		t.Errorf("/healthz fails for %q, want the database", checks)
	}
	if checks := failed("/livez"); len(checks) > 0 {
		t.Errorf("a restart would not help, but /livez fails for %q", checks)
	}

	postgres.Start(t)
	eventually(ready).WithTimeout(time.Minute).Should(BeEmpty())
	if checks := failed("/healthz"); len(checks) > 0 {
		t.Errorf("/healthz fails for %q although the database is back", checks)
	}
}

func TestLivenessToleratesOutages(t *testing.T) {
	outage := errors.New("database unavailable")
	now := time.Now()
	var answer error
	database := &databaseCheck{
		ping:   func(context.Context) error { return answer },
		writes: func(context.Context) error { return nil },
		now:    func() time.Time { return now },
	}
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, step := range []struct {
		after       time.Duration
		answer      error
		ready, live bool
	}{
		{0, nil, true, true},
		{time.Second, outage, false, true},
		{livezTolerance, outage, false, true},
		{time.Second, outage, false, false},
		{time.Second, nil, true, true},
		{time.Second, outage, false, true},
	} {
		now, answer = now.Add(step.after), step.answer
		if ready := database.ready(request) == nil; ready != step.ready {
			t.Errorf("%+v: ready %t", step, ready)
		}
		if live := database.live(request) == nil; live != step.live {
			t.Errorf("%+v: live %t", step, live)
		}
	}
}

func TestDatabaseThatDoesNotAnswerFailsTheCheck(t *testing.T) {
	database := &databaseCheck{now: time.Now, ping: func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}}
	if err := database.ready(httptest.NewRequest(http.MethodGet, "/", nil)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestRefusedWritesAreNoReasonForARestart(t *testing.T) {
	refusal := errors.New("the disk is full")
	now := time.Now()
	database := &databaseCheck{
		ping:   func(context.Context) error { return nil },
		writes: func(context.Context) error { return refusal },
		now:    func() time.Time { return now },
	}
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	for range 2 {
		if err := database.ready(request); !errors.Is(err, refusal) {
			t.Errorf("ready: %v, not %v", err, refusal)
		}
		if err := database.live(request); err != nil {
			t.Errorf("live: %v", err)
		}
		now = now.Add(2 * livezTolerance)
	}
}
