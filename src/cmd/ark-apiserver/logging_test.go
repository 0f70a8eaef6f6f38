package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"
)

func TestQuietPassesOnWhatIsWorthAttention(t *testing.T) {
	running := context.Background()
	stopping, stop := context.WithCancel(running)
	stop()
	for _, test := range []struct {
		message                string
		whileRunning, atTheEnd bool
	}{
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

// TestOwnInformationIsPassedOn: what upstream logs as information is dropped, and what this program
// does is not.
func TestOwnInformationIsPassedOn(t *testing.T) {
	var out bytes.Buffer
	klog.SetLogger(textlogger.NewLogger(textlogger.NewConfig(textlogger.Output(quiet{&out, t.Context()}))))
	t.Cleanup(klog.ClearLogger)
	t.Setenv("DISABLE_HTTP2", "true")
	utilnet.SetTransportDefaults(&http.Transport{}) // says that HTTP/2 is disabled
	klog.InfoS("The database takes writes again")
	if got := out.String(); strings.Contains(got, "HTTP2") || !strings.Contains(got, "takes writes again") {
		t.Errorf("passed on: %q", got)
	}
}
