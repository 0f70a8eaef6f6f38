package campaign

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ark.ai/apiserver/conformance/environment"
)

// fault is a way to break something.
type fault struct {
	// about is what is broken, for people.
	about string
	// driver is the database that it is about, if not any; shared is set if it is about any that
	// servers share.
	driver string
	shared bool
	// hold is for how long it is there at least, if it takes a while to be felt.
	hold time.Duration
	// moves is set if another history begins, with revisions above all that were handed out; loses
	// if the database also goes back, and commits are lost that were acknowledged.
	moves, loses bool
	// asked is set if it is only injected when it is asked for.
	asked bool
	// inject breaks it.
	inject func(ctx context.Context, s *system, choice *rand.Rand) (*damage, error)
}

// damage is what a fault has done.
type damage struct {
	// detail is what was chosen.
	detail string
	// mend undoes it; nil if there is nothing to do.
	mend func(ctx context.Context) error
	// safe is the newest revision that is left, if commits are lost. It is known, and they are
	// lost, once it is mended.
	safe int64
}

// faults by name. Each has a file.
var faults = map[string]fault{
	"server-kill":            serverKill,
	"server-pause":           serverPause,
	"rolling-restart":        rollingRestart,
	"dead-watchers":          deadWatchers,
	"database-kill":          databaseKill,
	"database-pause":         databasePause,
	"database-restart":       databaseRestart,
	"connections-terminated": connectionsTerminated,
	"network-cut":            networkCut,
	"network-blackhole":      networkBlackhole,
	"failover-synchronous":   failoverSynchronous,
	"failover-asynchronous":  failoverAsynchronous,
	compaction:               compacted,
	"restore":                restored,
	diskFull:                 diskFilled,
}

// Faults are those of a driver that are injected unless others are asked for.
func Faults(driver string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		if f := faults[name]; !f.asked && f.fits(driver) {
			names = append(names, name)
		}
	}
	return names
}

// Describe tells of each fault what it is.
func Describe() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		f := faults[name]
		fmt.Fprintf(&b, "  %-24s %s", name, f.about)
		switch {
		case f.driver != "":
			fmt.Fprintf(&b, "; %s", f.driver)
		case f.shared:
			fmt.Fprintf(&b, "; not %s", environment.SQLite)
		}
		if f.asked {
			fmt.Fprintf(&b, "; only if it is asked for")
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func (f fault) fits(driver string) bool {
	return (f.driver == "" || f.driver == driver) && (!f.shared || driver != environment.SQLite)
}

// checkFaults refuses what is unknown or does not fit.
func checkFaults(names []string, driver string) error {
	for _, name := range names {
		f, ok := faults[name]
		if !ok {
			return fmt.Errorf("fault %q must be one of %s", name, strings.Join(slices.Sorted(maps.Keys(faults)), ", "))
		}
		if !f.fits(driver) {
			return fmt.Errorf("fault %q is not about %s", name, driver)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("there is nothing to break")
	}
	return nil
}

const onPostgreSQL = environment.PostgreSQL

// some is one of the servers.
func (s *system) some(choice *rand.Rand) *server { return s.servers[choice.IntN(len(s.servers))] }

// someProxies are those of one server, or of all.
func (s *system) someProxies(choice *rand.Rand) (proxies []*proxy, detail string) {
	if n := choice.IntN(len(s.servers) + 1); n < len(s.servers) {
		return []*proxy{s.servers[n].proxy}, fmt.Sprintf("of server %d", n)
	}
	for _, server := range s.servers {
		proxies = append(proxies, server.proxy)
	}
	return proxies, "of all servers"
}
