package machinery_test

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// eventTimeout is how long an event that has to come may take.
const eventTimeout = 30 * time.Second

// event of a watch, as it is on the wire.
type event struct {
	Type   string
	Object *unstructured.Unstructured
}

// String is what most specs compare: the type and the name.
func (e event) String() string { return e.Type + " " + e.Object.GetName() }

// stream is a watch that has begun.
type stream struct {
	events <-chan event
}

// watch begins a watch. It ends with the spec.
func watch(ctx context.Context, path, parameters string, headers ...header) *stream {
	GinkgoHelper()
	ctx, cancel := context.WithCancel(ctx)
	response := open(ctx, http.MethodGet, path+"?watch=true&"+parameters, "", headers...) //nolint:bodyclose // the goroutine below does
	DeferCleanup(cancel)
	Expect(response.StatusCode).To(Equal(http.StatusOK))
	events := make(chan event)
	// Ends with the response, which ends with ctx.
	go func() {
		defer GinkgoRecover()
		defer close(events)
		defer response.Body.Close()
		decoder := json.NewDecoder(response.Body)
		for {
			next := struct {
				Type   string
				Object json.RawMessage
			}{}
			if decoder.Decode(&next) != nil {
				return
			}
			select {
			case events <- event{next.Type, parsed(next.Object)}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return &stream{events}
}

// receive waits for an event, or the end of the watch.
func (s *stream) receive() (e event, more bool) {
	GinkgoHelper()
	select {
	case e, more = <-s.events:
	case <-time.After(eventTimeout):
		Fail("no event comes")
	}
	return e, more
}

// next waits for an event.
func (s *stream) next() event {
	GinkgoHelper()
	e, more := s.receive()
	Expect(more).To(BeTrue(), "the watch has ended")
	return e
}

// sees expects these events, as "TYPE name", and no others between them.
func (s *stream) sees(want ...string) []event {
	GinkgoHelper()
	return s.matches(Equal(want), len(want))
}

// seesAll expects these events in any order.
func (s *stream) seesAll(want ...string) []event {
	GinkgoHelper()
	return s.matches(ConsistOf(want), len(want))
}

func (s *stream) matches(want OmegaMatcher, n int) []event {
	GinkgoHelper()
	var events []event
	var texts []string
	for range n {
		e := s.next()
		events, texts = append(events, e), append(texts, e.String())
	}
	Expect(texts).To(want)
	return events
}

// ends expects that the server ends the watch without another event.
func (s *stream) ends() {
	GinkgoHelper()
	Expect(s.rest()).To(BeEmpty())
}

// rest is what comes until the server ends the watch.
func (s *stream) rest() []event {
	GinkgoHelper()
	var all []event
	for {
		e, more := s.receive()
		if !more {
			return all
		}
		all = append(all, e)
	}
}

// fails expects that the watch ends with an error.
func (s *stream) fails(code int, reason metav1.StatusReason, words string) {
	GinkgoHelper()
	e := s.next()
	Expect(e.Type).To(Equal("ERROR"))
	Expect(e.Object.Object).To(And(
		HaveKeyWithValue("kind", "Status"),
		HaveKeyWithValue("code", BeNumerically("==", code)),
		HaveKeyWithValue("reason", string(reason)),
		HaveKeyWithValue("message", ContainSubstring(words)),
	))
	s.ends()
}
