package oracle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"sigs.k8s.io/yaml"
)

// comparedHeaders are those that mean something to clients. Lengths, dates and identifiers of
// requests do not, nor do the headers of priority and fairness, which name flow schemas by random
// UIDs.
var comparedHeaders = []string{
	"Allow", "Cache-Control", "Content-Type", "Etag", "Last-Modified", "Location", "Retry-After", "Vary", "Warning", "X-Content-Type-Options",
}

// normaliser makes the answers of the two sides comparable: what the sides choose for themselves is
// replaced by its relation to the rest of the scenario.
type normaliser struct {
	group, namespace string
	// uids are named after the answer in which they appear first.
	uids map[string]string
	// step is the number of the answer, seen how many UIDs were new in it.
	step, seen int
	// revisions of objects, sorted. They are replaced by their rank.
	revisions []uint64
}

// normal returns the answers of a side.
func normal(s *side) []any {
	n := &normaliser{group: s.group, namespace: s.namespace, uids: map[string]string{}}
	parsed := make([]any, len(s.answers))
	for i, a := range s.answers {
		parsed[i] = n.answer(a)
	}
	orderDeletions(parsed)
	for _, a := range parsed {
		n.collect(a)
	}
	slices.Sort(n.revisions)
	n.revisions = slices.Compact(n.revisions)
	for i := range parsed {
		n.step, n.seen = i+1, 0
		parsed[i] = n.value(parsed[i])
	}
	return parsed
}

func (n *normaliser) answer(a answer) any {
	header := map[string]any{}
	for _, name := range comparedHeaders {
		for _, value := range a.header.Values(name) {
			header[name+": "+n.text(value)] = true
		}
	}
	view := map[string]any{"status": strconv.Itoa(a.status), "header": header}
	if a.body != nil {
		view["body"] = n.body(a.body, a.header)
	}
	if a.events != nil {
		var events []any
		for _, event := range a.events {
			events = append(events, parseJSON(event))
		}
		view["events"] = events
	}
	return view
}

// body parses a body, as far as its content type is known.
func (n *normaliser) body(text []byte, header http.Header) any {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return n.text(string(text))
	}
	switch mediaType {
	case "application/vnd.kubernetes.protobuf":
		if object, err := runtime.Decode(metadataCodecs.UniversalDeserializer(), text); err == nil {
			if converted, err := json.Marshal(object); err == nil {
				return parseJSON(converted)
			}
		}
	case "application/json", "application/apply-patch+yaml":
		return parseJSON(text)
	case "application/yaml":
		if converted, err := yaml.YAMLToJSON(text); err == nil {
			return parseJSON(converted)
		}
	case "application/cbor":
		var value any
		if err := direct.Unmarshal(text, &value); err == nil {
			if converted, err := json.Marshal(value); err == nil {
				return parseJSON(converted)
			}
		}
	}
	return n.text(string(text))
}

// metadataCodecs decode what a server may send as protobuf of custom resources: their metadata, and
// failures.
var metadataCodecs = func() serializer.CodecFactory {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	if err := metav1.AddMetaToScheme(scheme); err != nil {
		panic(err)
	}
	return serializer.NewCodecFactory(scheme)
}()

// parseJSON keeps numbers as they were written. What is no JSON is its own value.
func parseJSON(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return string(text)
	}
	return value
}

// collect remembers the revisions of objects. Those of lists lie between them.
func (n *normaliser) collect(value any) {
	switch v := value.(type) {
	case map[string]any:
		if metadata, ok := v["metadata"].(map[string]any); ok && metadata["uid"] != nil {
			if revision, err := strconv.ParseUint(fmt.Sprint(metadata["resourceVersion"]), 10, 64); err == nil {
				n.revisions = append(n.revisions, revision)
			}
		}
		for _, child := range v {
			n.collect(child)
		}
	case []any:
		for _, child := range v {
			n.collect(child)
		}
	}
}

// value replaces what differs from run to run.
func (n *normaliser) value(value any) any {
	switch v := value.(type) {
	case map[string]any:
		result := make(map[string]any, len(v))
		for _, key := range sortedKeys(v) {
			result[n.text(key)] = n.field(key, v)
		}
		switch v["kind"] {
		case "Status":
			summarise(result)
		case "Table":
			hideAge(result)
		case "APIResourceList":
			sortResources(result)
		}
		return result
	case []any:
		result := make([]any, len(v))
		for i := range v {
			result[i] = n.value(v[i])
		}
		return result
	case string:
		return n.text(v)
	}
	return value
}

// field returns the normal value of a field of an object.
func (n *normaliser) field(key string, object map[string]any) any {
	text, isText := object[key].(string)
	switch {
	case key == "resourceVersion" && isText:
		return n.revision(text)
	case key == "continue" && isText && text != "":
		return "a token"
	case key == "name" && isText && object["generateName"] != nil:
		return fmt.Sprint(object["generateName"]) + "*"
	case key == "managedFields":
		return n.managers(object[key])
	case isText && timeFields[key]:
		if _, err := time.Parse(time.RFC3339, text); err == nil {
			return "a time"
		}
	}
	return n.value(object[key])
}

// timeFields are set by servers.
var timeFields = map[string]bool{"creationTimestamp": true, "deletionTimestamp": true, "time": true}

// managers names managed fields after their managers, and after the version unless it is the
// preferred one. Servers sort them by time, in seconds.
func (n *normaliser) managers(value any) any {
	list, ok := n.value(value).([]any)
	if !ok {
		return value
	}
	byManager := map[string]any{}
	for _, entry := range list {
		m, _ := entry.(map[string]any)
		name := strings.TrimSpace(fmt.Sprintln(m["manager"], m["operation"], m["subresource"]))
		if version := path.Base(fmt.Sprint(m["apiVersion"])); version != preferredVersion {
			name += " " + version
		}
		byManager[name] = entry
	}
	return byManager
}

// revision returns "version N" for the N-th of all object revisions, and also for one that lies
// between it and the next, such as that of a list.
func (n *normaliser) revision(text string) string {
	revision, err := strconv.ParseUint(text, 10, 64)
	if err != nil || revision == 0 {
		return text
	}
	rank, found := slices.BinarySearch(n.revisions, revision)
	if found {
		rank++
	}
	return fmt.Sprintf("version %d", rank)
}

var (
	uidPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	// A message may quote the first few characters of a body, which has the group in it.
	excerptPattern  = regexp.MustCompile(`\([^()]* \.\.\.\)$`)
	agePattern      = regexp.MustCompile(`^[0-9]+s$`)
	revisionPattern = regexp.MustCompile(`((?i:resource ?version)[^0-9,]{1,30}?)([0-9]+)`)
)

// text replaces the group, the namespace and what a message may quote.
func (n *normaliser) text(s string) string {
	s = excerptPattern.ReplaceAllString(s, "(an excerpt)")
	s = strings.ReplaceAll(s, n.group, ourGroup)
	s = strings.ReplaceAll(s, n.namespace, "NAMESPACE")
	s = uidPattern.ReplaceAllStringFunc(s, func(uid string) string {
		if _, ok := n.uids[uid]; !ok {
			n.seen++
			n.uids[uid] = fmt.Sprintf("uid %d.%d", n.step, n.seen)
		}
		return n.uids[uid]
	})
	return revisionPattern.ReplaceAllStringFunc(s, func(match string) string {
		parts := revisionPattern.FindStringSubmatch(match)
		if _, ok := new(big.Int).SetString(parts[2], 10); !ok {
			return match
		}
		return parts[1] + n.revision(parts[2])
	})
}

// sortResources brings what a group serves in an order: custom resources and their verbs have none.
func sortResources(list map[string]any) {
	resources, _ := list["resources"].([]any)
	byText := func(a, b any) int { return strings.Compare(textOf(a), textOf(b)) }
	for _, r := range resources {
		resource, _ := r.(map[string]any)
		if verbs, ok := resource["verbs"].([]any); ok {
			slices.SortFunc(verbs, byText)
		}
		if resource["storageVersionHash"] != nil {
			resource["storageVersionHash"] = "a hash"
		}
	}
	slices.SortFunc(resources, byText)
}

// hideAge replaces the cells of the column that grows with time. In a watch only the first table
// says which that is; with the kinds that are compared it is the last one.
func hideAge(table map[string]any) {
	rows, _ := table["rows"].([]any)
	columns, _ := table["columnDefinitions"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		cells, _ := row["cells"].([]any)
		for i := range cells {
			isAge := i == len(cells)-1
			if i < len(columns) {
				column, _ := columns[i].(map[string]any)
				isAge = column["name"] == "Age"
			}
			if isAge && agePattern.MatchString(fmt.Sprint(cells[i])) {
				cells[i] = "an age"
			}
		}
	}
}
