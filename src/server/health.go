package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/healthz"
)

// DatabaseCheck is the name of the health check of the database.
const DatabaseCheck = "database"

const (
	// pingTimeout is shorter than what probes usually wait for an answer.
	pingTimeout = 2 * time.Second
	// A restart does not bring a database back, so an outage is no reason for one: the server heals by
	// itself. After this long the fault may be in the process.
	livezTolerance = 10 * time.Minute
)

// AddDatabaseChecks makes /readyz and /healthz fail while ping fails, and /livez once it has failed for
// long.
func AddDatabaseChecks(config *genericapiserver.Config, ping func(context.Context) error) {
	database := &databaseCheck{ping: ping, now: time.Now}
	config.AddReadyzChecks(healthz.NamedCheck(DatabaseCheck, database.check))
	config.AddHealthzChecks(healthz.NamedCheck(DatabaseCheck, database.check))
	config.AddLivezChecks(healthz.NamedCheck(DatabaseCheck, database.checkWithTolerance))
}

type databaseCheck struct {
	ping func(context.Context) error
	now  func() time.Time

	mu sync.Mutex
	// failingSince is zero while the database answers.
	failingSince time.Time
}

func (c *databaseCheck) check(request *http.Request) error {
	ctx, cancel := context.WithTimeout(request.Context(), pingTimeout)
	defer cancel()
	err := c.ping(ctx)

	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.failingSince = time.Time{}
	case c.failingSince.IsZero():
		c.failingSince = c.now()
	}
	return err
}

func (c *databaseCheck) checkWithTolerance(request *http.Request) error {
	err := c.check(request)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && c.now().Sub(c.failingSince) > livezTolerance {
		return err
	}
	return nil
}
