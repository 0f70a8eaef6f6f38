package fairness

import (
	"context"

	"k8s.io/apiserver/pkg/endpoints/request"
	genericapiserver "k8s.io/apiserver/pkg/server"
	fairqueuingrequest "k8s.io/apiserver/pkg/util/flowcontrol/request"
)

// bytesPerSeat is what upstream counts of a list as one seat.
const bytesPerSeat = 100_000

// newEstimator is upstream's estimator, for requests whose priority level is not known yet.
func newEstimator(config *genericapiserver.Config) fairqueuingrequest.WorkEstimatorFunc {
	return fairqueuingrequest.NewWorkEstimator(config.StorageObjectCountTracker.Get, config.FlowControl.GetInterestedWatchCount,
		fairqueuingrequest.DefaultWorkEstimatorConfig(), func(string) uint64 { return 0 })
}

// seats are how many a request takes: for the list that it gets, or for its body.
func (f *fairness) seats(ctx context.Context, r *noted, info *request.RequestInfo) int64 {
	switch {
	case r == nil:
		return 1
	case info.Verb == "list" || info.Verb == "watch":
		work := f.estimate(r.WithContext(ctx), "", "")
		return max(1, int64(work.MaxSeats()))
	default:
		return max(1, seatsOfBody(r.ContentLength))
	}
}

// seatsOfBody are those for a body. One whose length is not told may have any.
func seatsOfBody(length int64) int64 {
	if length < 0 {
		return seatsOfAProcessor
	}
	return (length + bytesPerSeat - 1) / bytesPerSeat
}
