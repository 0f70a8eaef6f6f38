package fairness

import (
	"context"
	"net/http"
)

// bytesPerSeat is what upstream counts of a list as one seat.
const bytesPerSeat = 100_000

type lengthKey struct{}

// noteLength lets fairness know how long a body is.
func noteLength(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			r = r.WithContext(context.WithValue(r.Context(), lengthKey{}, r.ContentLength))
		}
		handler.ServeHTTP(w, r)
	})
}

// seatsOfBody are those for a request because of its body. One whose length is not told may be of any.
func seatsOfBody(ctx context.Context) int64 {
	length, _ := ctx.Value(lengthKey{}).(int64)
	if length < 0 {
		return seatsOfAProcessor
	}
	return (length + bytesPerSeat - 1) / bytesPerSeat
}
