package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestLivenessToleratesOutages(t *testing.T) {
	outage := errors.New("database unavailable")
	now := time.Now()
	var answer error
	database := &databaseCheck{ping: func(context.Context) error { return answer }, now: func() time.Time { return now }}
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
		if ready := database.check(request) == nil; ready != step.ready {
			t.Errorf("%+v: ready %t", step, ready)
		}
		if live := database.checkWithTolerance(request) == nil; live != step.live {
			t.Errorf("%+v: live %t", step, live)
		}
	}
}

func TestDatabaseThatDoesNotAnswerFailsTheCheck(t *testing.T) {
	database := &databaseCheck{now: time.Now, ping: func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}}
	if err := database.check(httptest.NewRequest(http.MethodGet, "/", nil)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}
