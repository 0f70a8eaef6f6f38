package fairness

import (
	"context"
	"io"
	"net/http"
	"time"

	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/endpoints/responsewriter"

	"ark.ai/apiserver/src/turns"
)

// noted is a request, and at what pace it is served if it has more than one seat.
type noted struct {
	*http.Request
	pace *turns.Pace
}

type requestKey struct{}

// noteRequest lets fairness see the whole request.
func noteRequest(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, &noted{Request: r})))
	})
}

// worked is for how long, if that is noted.
func (n *noted) worked() time.Duration {
	if n == nil || n.pace == nil {
		return 0
	}
	worked, _ := n.pace.Worked()
	return worked
}

// pace has others' short requests come between the steps of one with more than one seat: reads of
// its body, writes of its answer, and what the storage does in between.
func pace(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		own, _ := ctx.Value(requestKey{}).(*noted)
		if info, _ := request.RequestInfoFrom(ctx); own != nil && own.pace != nil && info.Verb != "watch" {
			step := func() { own.pace.Step(ctx) }
			w = responsewriter.WrapForHTTP1Or2(&writer{w, step})
			r = r.WithContext(turns.WithPace(ctx, own.pace))
			r.Body = &body{r.Body, step}
		}
		handler.ServeHTTP(w, r)
	})
}

type writer struct {
	http.ResponseWriter
	step func()
}

// Unwrap implements responsewriter.UserProvidedDecorator.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Write implements http.ResponseWriter.
func (w *writer) Write(data []byte) (int, error) {
	w.step()
	return w.ResponseWriter.Write(data)
}

type body struct {
	io.ReadCloser
	step func()
}

// Read implements io.Reader.
func (b *body) Read(into []byte) (int, error) {
	b.step()
	return b.ReadCloser.Read(into)
}
