package oracle_test

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

//go:embed requests
var requests embed.FS

// subject is a file of recorded requests.
type subject struct {
	Subject string `json:"subject"`
	// EachKind repeats the scenarios for every kind. They refer to it by $(plural), $(Kind) and so
	// on.
	EachKind  bool       `json:"eachKind"`
	Scenarios []scenario `json:"scenarios"`
	// Specs are of a kind. Creating an object of each is a scenario.
	Kind  string                     `json:"kind"`
	Specs map[string]json.RawMessage `json:"specs"`
}

// scenario is a sequence of requests that begins without any objects.
type scenario struct {
	Name  string `json:"name"`
	Steps []step `json:"steps"`
}

// step is one of: send a request and take its answer; open a watch; read events of an open watch.
type step struct {
	// Send is a verb and a path: "GET agents/a?pretty=true". The verbs MERGE, JSON, STRATEGIC and
	// APPLY are the four kinds of PATCH. A path that does not begin with a slash is one in the
	// scenario's namespace.
	Send string `json:"send,omitempty"`
	// Instead is what custom resources are sent: they have no strategic merge patches.
	Instead string `json:"instead,omitempty"`
	// Watch is a path.
	Watch string `json:"watch,omitempty"`
	// Read is the name of a watch. It reads events up to the first one whose object has the name in
	// Until; "bookmark" stands for the first bookmark, "end" for the end of the stream.
	Read  string `json:"read,omitempty"`
	Until string `json:"until,omitempty"`

	Headers map[string]string `json:"headers,omitempty"`
	// Body of the request. In one that writes a whole object apiVersion and kind may be missing.
	Body json.RawMessage `json:"body,omitempty"`
	// Text is a body that is sent as it is.
	Text string `json:"text,omitempty"`
	// As names the answer. Later steps use its metadata: $(name.resourceVersion), $(name.uid),
	// $(name.continue).
	As string `json:"as,omitempty"`
	// Note is for readers.
	Note string `json:"note,omitempty"`
}

// sample is what a kind's requests are made of, as JSON.
type sample struct {
	Plural string `json:"plural"`
	// Minimal and Full are specs, Status is a full status.
	Minimal json.RawMessage `json:"minimal"`
	Full    json.RawMessage `json:"full"`
	Status  json.RawMessage `json:"status"`
	// Change is a merge patch that changes the spec.
	Change json.RawMessage `json:"change"`
}

// samplesFile is the one file that is not a subject.
const samplesFile = "requests/samples.yaml"

// loadSamples returns the samples by kind.
func loadSamples() map[string]sample {
	text, err := requests.ReadFile(samplesFile)
	if err != nil {
		panic(err)
	}
	samples := map[string]sample{}
	if err := yaml.UnmarshalStrict(text, &samples); err != nil {
		panic(fmt.Errorf("%s: %w", samplesFile, err))
	}
	return samples
}

// loadSubjects returns all recorded requests. It panics where a file is wrong: specs are made of
// it.
func loadSubjects() []subject {
	files, err := fs.Glob(requests, "requests/*.yaml")
	if err != nil {
		panic(err)
	}
	var subjects []subject
	for _, file := range files {
		if file == samplesFile {
			continue
		}
		text, err := requests.ReadFile(file)
		if err != nil {
			panic(err)
		}
		s, err := parseSubject(string(text))
		if err != nil {
			panic(fmt.Errorf("%s: %w", path.Base(file), err))
		}
		subjects = append(subjects, s)
	}
	return subjects
}

func parseSubject(text string) (subject, error) {
	var s subject
	samples := loadSamples()
	if !strings.Contains(text, "\neachKind: true\n") {
		if err := yaml.UnmarshalStrict([]byte(text), &s); err != nil {
			return s, err
		}
		for _, name := range slices.Sorted(maps.Keys(s.Specs)) {
			s.Scenarios = append(s.Scenarios, scenario{Name: name, Steps: []step{create(samples[s.Kind].Plural, s.Specs[name])}})
		}
		return s, nil
	}
	for _, kind := range slices.Sorted(maps.Keys(samples)) {
		var ofKind subject
		if err := yaml.UnmarshalStrict([]byte(samples[kind].fill(kind, text)), &ofKind); err != nil {
			return s, fmt.Errorf("%s: %w", kind, err)
		}
		for i := range ofKind.Scenarios {
			ofKind.Scenarios[i].Name = kind + ": " + ofKind.Scenarios[i].Name
		}
		s.Subject = ofKind.Subject
		s.Scenarios = append(s.Scenarios, ofKind.Scenarios...)
	}
	return s, nil
}

// create makes an object without storing it.
func create(plural string, spec json.RawMessage) step {
	body := fmt.Sprintf(`{"metadata":{"name":"it"},"spec":%s}`, spec)
	return step{Send: "POST " + plural + "?dryRun=All", Body: json.RawMessage(body)}
}

// fill puts a sample's texts in the place of their names.
func (s sample) fill(kind, text string) string {
	return strings.NewReplacer(
		"$(Kind)", kind, "$(plural)", s.Plural, "$(singular)", strings.ToLower(kind),
		"$(minimal)", string(s.Minimal), "$(full)", string(s.Full), "$(status)", string(s.Status), "$(change)", string(s.Change),
	).Replace(text)
}
