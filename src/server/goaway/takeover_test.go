package goaway

import (
	"testing"

	genericapiserver "k8s.io/apiserver/pkg/server"
)

// TestLimitsAreUpstreams compares what clients are told of buffers and streams.
func TestLimitsAreUpstreams(t *testing.T) {
	t.Parallel()
	for _, streams := range []int{0, 7, 1000} {
		withStreams := func(config *genericapiserver.Config) { config.SecureServing.HTTP2MaxStreamsPerConnection = streams }
		want := dial(t, start(t, false, withStreams)).limits(t)
		if got := dial(t, start(t, true, withStreams)).limits(t); got != want {
			t.Errorf("with %d streams per connection: %+v, upstream has %+v", streams, got, want)
		}
	}
}
