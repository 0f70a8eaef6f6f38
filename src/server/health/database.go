package health

import (
	"context"
	"net/http"
	"sync"
	"time"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/healthz"

	"ark.ai/apiserver/src/storage"
)

// Names of health checks.
const (
	// databaseCheckName fails while the database does not answer or takes no writes.
	databaseCheckName = "database"
	// logTailCheckName fails while watchers do not hear of other replicas' writes.
	logTailCheckName = "log-tail"
)

const (
	// pingTimeout is shorter than what probes usually wait for an answer.
	pingTimeout = 2 * time.Second
	// A restart does not bring a database back, so an outage is no reason for one: the server heals
	// by itself. After this long the fault may be in the process.
	livezTolerance = 10 * time.Minute
)

// AddDatabaseChecks makes /readyz and /healthz fail while the engine's database does not answer or
// takes no writes, and /livez once it has not answered for long. /readyz also fails while the log
// can't be followed.
func AddDatabaseChecks(config *genericapiserver.Config, engine *storage.Engine) {
	database := &databaseCheck{ping: engine.Ping, writes: engine.CheckWrites, now: time.Now}
	config.AddReadyzChecks(healthz.NamedCheck(databaseCheckName, database.ready))
	config.AddHealthzChecks(healthz.NamedCheck(databaseCheckName, database.ready))
	config.AddLivezChecks(healthz.NamedCheck(databaseCheckName, database.live))
	config.AddReadyzChecks(healthz.NamedCheck(logTailCheckName, func(*http.Request) error { return engine.CheckTail() }))
}

type databaseCheck struct {
	ping, writes func(context.Context) error
	now          func() time.Time

	mu sync.Mutex
	// failingSince is zero while the database answers.
	failingSince time.Time
}

func (c *databaseCheck) ready(request *http.Request) error {
	ctx, cancel := context.WithTimeout(request.Context(), pingTimeout)
	defer cancel()
	if _, err := c.answers(ctx); err != nil {
		return err
	}
	return c.writes(ctx)
}

// live leaves writes out: a restart frees no disk, and may need some.
func (c *databaseCheck) live(request *http.Request) error {
	ctx, cancel := context.WithTimeout(request.Context(), pingTimeout)
	defer cancel()
	if failing, err := c.answers(ctx); failing > livezTolerance {
		return err
	}
	return nil
}

// answers tells for how long there has been none, too.
func (c *databaseCheck) answers(ctx context.Context) (failing time.Duration, err error) {
	err = c.ping(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.failingSince = time.Time{}
		return 0, nil
	}
	if c.failingSince.IsZero() {
		c.failingSince = c.now()
	}
	return c.now().Sub(c.failingSince), err
}
