package mysqltest

import (
	"syscall"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

var shared testserver.Shared[*Server]

// Main runs the tests of m and then stops the shared server. It returns the exit code.
func Main(m testserver.Tests) int { return shared.Main(m) }

// Shared is the server that all tests of this binary have in common: no test may stop it. The
// package needs a TestMain that calls Main.
func Shared(t testing.TB) *Server {
	t.Helper()
	return shared.Get(t, func() (*Server, error) { return Open(Options{}) })
}

// New runs a server for this test alone. settings are options of its command line.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	server, err := Open(Options{Settings: settings})
	return testserver.Own(t, server, err)
}

// Configure adds options of the command line, for when the server starts again.
func (s *Server) Configure(settings ...string) { s.settings = append(s.settings, settings...) }

// Stop shuts the server down: connections end, transactions roll back.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.process.End(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// Kill ends the server as a power failure would, but for what the operating system still has to
// write.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if err := s.process.End(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// Start starts the server again, on the same port, after Stop or Kill.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}
