package campaign

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/src/server/datadir"
)

// replicas is how many servers share a database.
const replicas = 2

// system is what is broken: servers and their database.
type system struct {
	dir     string
	servers []*server
	// database is nil on SQLite; postgres is the same, if it is that.
	database database
	postgres *postgres
	// disk is what the data of the database is on, if it is one that can be filled.
	disk *disk

	// gate is open while clients may make requests.
	gate sync.RWMutex

	program string
	faults  []string
	guard   *environment.Guard
	// closers end what was started, the last first.
	closers []func() error
}

// newSystem starts everything. choice decides what a server's flags are.
func newSystem(ctx context.Context, options Options, choice *rand.Rand) (*system, error) {
	s := &system{dir: options.Dir, program: options.Program, faults: options.Faults}
	if err := s.open(ctx, options, choice); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *system) open(ctx context.Context, options Options, choice *rand.Rand) (err error) {
	if s.guard, err = environment.NewGuard(ctx, s.dir); err != nil {
		return err
	}
	s.closers = append(s.closers, s.guard.Dismiss)
	data := ""
	if slices.Contains(s.faults, diskFull) {
		if s.disk, err = mountDisk(ctx); err != nil {
			return err
		}
		s.closers = append(s.closers, s.disk.unmount)
		data = s.disk.path
	}
	switch options.Driver {
	case environment.PostgreSQL:
		s.postgres, err = openPostgres(ctx, s.dir, data)
		s.database = s.postgres
	case environment.MySQL:
		s.database, err = openMySQL(ctx, s.dir, data)
	default:
		return s.openServer(ctx, data, choice)
	}
	if err != nil {
		return err
	}
	s.closers = append(s.closers, func() error { return s.database.Close() })
	for range replicas {
		if err := s.openServer(ctx, "", choice); err != nil {
			return err
		}
	}
	return nil
}

// openServer starts another server. data is where a file of SQLite goes, if not into the server's
// own directory.
func (s *system) openServer(ctx context.Context, data string, choice *rand.Rand) (err error) {
	name := fmt.Sprintf("server-%d", len(s.servers))
	server := &server{index: len(s.servers), dir: filepath.Join(s.dir, name), log: filepath.Join(s.dir, name+".log"), about: "with a watch cache"}
	if server.index > 0 {
		if err := environment.ShareKeys(s.servers[0].dir, server.dir); err != nil {
			return err
		}
	}
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	server.flags = []string{"--data-dir=" + server.dir, "--secure-port=" + strconv.Itoa(port)}
	if slices.Contains(s.faults, compaction) {
		server.flags = append(server.flags, "--compaction-window="+compactionWindow.String())
	}
	// Every second server has no watch cache for what is written here.
	if choice.IntN(2) == 0 {
		server.flags = append(server.flags, "--watch-cache-sizes="+resource+"."+group+"#0")
		server.about = "without a watch cache"
	}
	switch {
	case s.database != nil:
		if server.proxy, err = newProxy(ctx, s.database.address()); err != nil {
			return err
		}
		s.closers = append(s.closers, server.proxy.close)
		server.flags = append(server.flags, s.database.flags(server.proxy)...)
		server.variables = s.database.variables()
	case data != "":
		server.flags = append(server.flags, "--sqlite-path="+filepath.Join(data, datadir.Database))
	}
	if server.script, err = s.guard.Watch(name, s.program); err != nil {
		return err
	}
	s.servers = append(s.servers, server)
	s.closers = append(s.closers, func() error { return server.end(syscall.SIGTERM) })
	return server.start(ctx)
}

// close ends everything that was started.
func (s *system) close() error {
	var errs []error
	for _, end := range slices.Backward(s.closers) {
		errs = append(errs, end())
	}
	s.closers = nil
	return errors.Join(errs...)
}
