package storage

import (
	"context"
	"errors"
	"testing"

	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"

	"ark.ai/apiserver/src/turns"
)

// TestSendInTurn: a watch keeps its turn while its client takes objects, and loses it while the
// client does not.
func TestSendInTurn(t *testing.T) {
	t.Parallel()
	one := turns.New(func() int { return 1 })
	turn, err := one.Take(t.Context(), turns.Request, "alice")
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{result: make(chan watch.Event)}
	go func() { <-w.result }()
	if err := w.sendInTurn(t.Context(), turn, &example.Pod{}); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := one.Take(ended, turns.Request, "bob"); !errors.Is(err, context.Canceled) {
		t.Errorf("another has the turn of a watch whose client takes objects (%v)", err)
	}

	sent := make(chan error)
	go func() { sent <- w.sendInTurn(t.Context(), turn, &example.Pod{}) }()
	other, err := one.Take(t.Context(), turns.Request, "bob") // while nobody takes an object
	if err != nil {
		t.Fatal(err)
	}
	other.End()
	<-w.result
	if err := <-sent; err != nil {
		t.Error(err)
	}
}
