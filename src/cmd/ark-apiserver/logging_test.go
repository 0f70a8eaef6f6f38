package main

import (
	"bytes"
	"context"
	"testing"
)

func TestQuietPassesOnWhatIsWorthAttention(t *testing.T) {
	running := context.Background()
	stopping, stop := context.WithCancel(running)
	stop()
	for _, test := range []struct {
		message                string
		whileRunning, atTheEnd bool
	}{
		{"I1122 22:37:50.1 1 config.go:1] starting", false, false},
		{"W1122 22:37:50.1 1 genericapiserver.go:798] Skipping API x because it has no resources.", false, false},
		{"W1122 22:37:50.1 1 webhook.go:1] failed to call webhook", true, true},
		{`E1122 22:37:50.1 1 engine.go:1] "Can't follow the log"`, true, true},
		{`E1122 22:37:50.1 1 reflector.go:1] "Failed to watch" err="context canceled"`, true, false},
	} {
		for ctx, passed := range map[context.Context]bool{running: test.whileRunning, stopping: test.atTheEnd} {
			var out bytes.Buffer
			if n, err := (quiet{&out, ctx}).Write([]byte(test.message)); n != len(test.message) || err != nil {
				t.Errorf("%s: %d, %v", test.message, n, err)
			}
			if (out.Len() > 0) != passed {
				t.Errorf("%s: passed on %t, stopping %t", test.message, !passed, ctx.Err() != nil)
			}
		}
	}
}
