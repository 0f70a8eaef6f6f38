package oracle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	cbor "k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/registry"
)

// The groups that are compared. A label of a domain that nobody owns keeps the second one apart.
const (
	ourGroup    = "ark.ai"
	oracleGroup = "oracle.ark.example"
)

// preferredVersion is that of paths that name none.
var preferredVersion = registry.GroupVersions()[0].Version

// side sends requests to one of the groups, in one namespace.
type side struct {
	group, namespace string
	client           *http.Client
	// saved are the values of metadata that later steps use.
	saved   map[string]string
	watches map[string]*watch
	// answers are those of all steps, raw.
	answers []answer
}

// answer is what came back. A step that reads a watch has events instead of a body.
type answer struct {
	status int
	header http.Header
	body   []byte
	events [][]byte
}

func newSide(group, namespace string) (*side, error) {
	client, err := rest.HTTPClientFor(framework.Config)
	if err != nil {
		return nil, err
	}
	return &side{group: group, namespace: namespace, client: client, saved: map[string]string{}, watches: map[string]*watch{}}, nil
}

// answerTimeout is how long a server may take.
const answerTimeout = 30 * time.Second

// contentTypes of the verbs that have a body. The last four are patches.
var contentTypes = map[string]string{
	http.MethodPost:   "application/json",
	http.MethodPut:    "application/json",
	http.MethodDelete: "application/json",
	"MERGE":           "application/merge-patch+json",
	"JSON":            "application/json-patch+json",
	"STRATEGIC":       "application/strategic-merge-patch+json",
	"APPLY":           "application/apply-patch+yaml",
}

// do carries out a step and keeps its answer.
func (s *side) do(ctx context.Context, st step) error {
	var (
		a   answer
		err error
	)
	switch {
	case st.Watch != "":
		a, err = s.open(ctx, st)
	case st.Read != "":
		a, err = s.read(ctx, st)
	default:
		a, err = s.send(ctx, st)
	}
	if err != nil {
		return fmt.Errorf("%s: %s: %w", s.group, st, err)
	}
	s.answers = append(s.answers, a)
	return nil
}

func (s *side) send(ctx context.Context, st step) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	send := st.Send
	if st.Instead != "" && s.group == oracleGroup {
		send = st.Instead
	}
	verb, path, _ := strings.Cut(send, " ")
	response, err := s.request(ctx, verb, path, st)
	if isHangUp(err) {
		return answer{status: hangUp}, nil
	}
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	s.save(st.As, body)
	return answer{status: response.StatusCode, header: response.Header, body: body}, nil
}

// isHangUp reports whether a server ended the stream without an answer, as it does where a handler
// panics. That is an answer of a kind.
func isHangUp(err error) bool {
	return err != nil && strings.Contains(err.Error(), "INTERNAL_ERROR; received from peer")
}

// request sends the request of a step.
func (s *side) request(ctx context.Context, verb, path string, st step) (*http.Response, error) {
	method := verb
	if strings.Contains(contentTypes[verb], "patch") {
		method = http.MethodPatch
	}
	body := s.fill(s.body(verb, path, st))
	if st.Headers["Content-Type"] == "application/cbor" {
		body = cborOf(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, framework.Config.Host+s.path(path), bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "oracle/1.0")
	if body != "" {
		request.Header.Set("Content-Type", contentTypes[verb])
	}
	for name, value := range st.Headers {
		request.Header.Set(name, s.fill(value))
		if value == "" {
			request.Header.Del(name)
		}
	}
	return s.client.Do(request)
}

// path makes a path absolute.
func (s *side) path(path string) string {
	if !strings.HasPrefix(path, "/") {
		version, resource := splitVersion(path)
		path = "/apis/$(group)/" + version + "/namespaces/$(namespace)/" + resource
	}
	return s.fill(path)
}

// splitVersion takes a path in a namespace apart: "v1prealpha1/a2aservers/a", where the version may
// be missing.
func splitVersion(path string) (version, resource string) {
	for _, version := range registry.GroupVersions() {
		if resource, ok := strings.CutPrefix(path, version.Version+"/"); ok {
			return version.Version, resource
		}
	}
	return preferredVersion, path
}

// body returns the text to send. It adds what every object of a resource has to say.
func (s *side) body(verb, path string, st step) string {
	if st.Text != "" || st.Body == nil {
		return st.Text
	}
	if verb != http.MethodPost && verb != http.MethodPut && verb != "APPLY" {
		return string(st.Body)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(st.Body, &object); err != nil || object == nil {
		return string(st.Body)
	}
	version, resource := splitVersion(path)
	resource, _, _ = strings.Cut(resource, "/")
	resource, _, _ = strings.Cut(resource, "?")
	if kind, ok := kindOf[resource]; ok {
		setDefault(object, "apiVersion", "$(group)/"+version)
		setDefault(object, "kind", kind)
	}
	text, err := json.Marshal(object)
	if err != nil {
		return string(st.Body)
	}
	return string(text)
}

// cborOf encodes a JSON text as CBOR. Numbers that are written as floats are floats.
func cborOf(text string) string {
	var value any
	if err := utiljson.Unmarshal([]byte(text), &value); err != nil {
		return text
	}
	data, err := cbor.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func setDefault(object map[string]json.RawMessage, name, value string) {
	if _, ok := object[name]; !ok {
		object[name] = json.RawMessage(`"` + value + `"`)
	}
}

// kindOf maps the plural to the kind.
var kindOf = func() map[string]string {
	kinds := map[string]string{}
	for kind, sample := range loadSamples() {
		_, plural := splitVersion(sample.Plural)
		kinds[plural] = kind
	}
	return kinds
}()

// fill puts the values of this side in the place of their names.
func (s *side) fill(text string) string {
	if !strings.Contains(text, "$(") {
		return text
	}
	pairs := []string{"$(group)", s.group, "$(namespace)", s.namespace, "$(long)", longText, "$(huge)", hugeText}
	for name, value := range s.saved {
		pairs = append(pairs, "$("+name+")", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// longText is more than annotations may have, hugeText more than a request.
var longText, hugeText = strings.Repeat("a", 300<<10), strings.Repeat("a", 4<<20)

// save keeps the metadata of a named answer.
func (s *side) save(name string, body []byte) {
	if name == "" {
		return
	}
	var object struct {
		Metadata struct {
			Name, ResourceVersion, UID, Continue string
		}
	}
	if json.Unmarshal(body, &object) != nil || object.Metadata.ResourceVersion == "" {
		return
	}
	s.saved[name+".name"] = object.Metadata.Name
	s.saved[name+".resourceVersion"] = object.Metadata.ResourceVersion
	s.saved[name+".uid"] = object.Metadata.UID
	s.saved[name+".continue"] = object.Metadata.Continue
}

// String is how a step appears in a report.
func (st step) String() string {
	switch {
	case st.Watch != "":
		return "WATCH " + st.Watch
	case st.Read != "":
		return "READ " + st.Read + " until " + st.Until
	case st.Note != "":
		return st.Send + " (" + st.Note + ")"
	}
	return st.Send
}
