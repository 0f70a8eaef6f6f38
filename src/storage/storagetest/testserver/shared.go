package testserver

import (
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
)

// Shared is a server that all tests of a binary have in common.
type Shared[S io.Closer] struct {
	mu     sync.Mutex
	asked  bool
	server S
	err    error
}

// Tests are those of a binary: a *testing.M, or Then.
type Tests interface{ Run() int }

// Then is what Main of another package does: a binary may have servers of several kinds.
type Then func() int

// Run implements Tests.
func (t Then) Run() int { return t() }

// Main runs the tests of m and then closes the server. It returns the exit code.
func (s *Shared[S]) Main(m Tests) int {
	code := m.Run()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked && s.err == nil {
		if err := s.server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	return code
}

// Get is the server, which the first test that needs it opens.
func (s *Shared[S]) Get(t testing.TB, open func() (S, error)) S {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.asked {
		s.asked = true
		s.server, s.err = open()
	}
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s.server
}

// Own closes a server that was opened for a test when that ends.
func Own[S io.Closer](t testing.TB, server S, err error) S {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}
