package oracle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	watchapi "k8s.io/apimachinery/pkg/watch"
)

// watch is an open stream of events.
type watch struct {
	stream  io.ReadCloser
	decoder *json.Decoder
}

// readTimeout ends the reading of a watch that has less to say than was expected.
const readTimeout = 20 * time.Second

// open starts a watch. If that is refused, the refusal is the answer.
func (s *side) open(ctx context.Context, st step) (answer, error) {
	response, err := s.request(ctx, http.MethodGet, st.Watch, st)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: response.StatusCode, header: response.Header}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		a.body, err = io.ReadAll(response.Body)
		return a, err
	}
	s.watches[st.As] = &watch{stream: response.Body, decoder: json.NewDecoder(response.Body)}
	return a, nil
}

// read takes events from a watch. Events of objects with other names count, too.
func (s *side) read(ctx context.Context, st step) (answer, error) {
	w, ok := s.watches[st.Read]
	if !ok {
		return answer{}, fmt.Errorf("there is no watch %q", st.Read)
	}
	// What is missing must not block for ever, what is there must be in the report.
	stop := context.AfterFunc(ctx, func() { _ = w.stream.Close() })
	defer stop()
	timer := time.AfterFunc(readTimeout, func() { _ = w.stream.Close() })
	defer timer.Stop()
	var a answer
	for {
		var event json.RawMessage
		err := w.decoder.Decode(&event)
		if errors.Is(err, io.EOF) && st.Until == "end" {
			return a, nil
		}
		if err != nil {
			a.events = append(a.events, []byte(`"the stream ended before the event of `+st.Until+`"`))
			return a, nil
		}
		if isReminder(event) && !strings.EqualFold(st.Until, string(watchapi.Bookmark)) {
			continue
		}
		a.events = append(a.events, event)
		if isLast(event, st.Until) {
			return a, nil
		}
	}
}

// isReminder reports whether an event is one of the bookmarks that come once a minute, whenever
// that is.
func isReminder(text []byte) bool {
	var event metav1.WatchEvent
	return json.Unmarshal(text, &event) == nil && event.Type == string(watchapi.Bookmark) &&
		!bytes.Contains(event.Object.Raw, []byte(metav1.InitialEventsAnnotationKey))
}

// isLast reports whether an event is the one that a step reads up to.
func isLast(text []byte, until string) bool {
	var event struct {
		Type   string
		Object struct {
			Metadata struct{ Name string }
			Rows     []struct {
				Object struct{ Metadata struct{ Name string } }
			}
		}
	}
	if json.Unmarshal(text, &event) != nil {
		return false
	}
	if strings.EqualFold(event.Type, until) {
		return true
	}
	for _, row := range event.Object.Rows {
		if row.Object.Metadata.Name == until {
			return true
		}
	}
	return event.Object.Metadata.Name == until
}

// close ends all watches.
func (s *side) close() {
	for _, w := range s.watches {
		_ = w.stream.Close()
	}
}
