package controllers_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"
)

// record is a line of a manager's log. The manager's documentation says what the messages mean.
type record struct {
	Msg, Event, Kind, Version, Subresource, Namespace, Name, Owner, UID, ResourceVersion, Phase, Controller, Err string
}

func (r record) key() string { return r.Namespace + "/" + r.Name }

// wakes is the query that an event concerns: the object itself, or the one that owns it.
func (r record) wakes() string {
	switch r.Kind {
	case "Query":
		return r.key()
	case "Memory", "A2ATask":
		return r.Namespace + "/" + r.Owner
	}
	return ""
}

// records are what a manager has done so far.
func (m *manager) records() []record {
	data, err := os.ReadFile(m.log)
	Expect(err).NotTo(HaveOccurred())
	var records []record
	for line := range bytes.Lines(data) {
		// The last line of one that was killed may be torn, and a crash is no JSON.
		r := record{}
		if json.Unmarshal(line, &r) == nil {
			records = append(records, r)
		}
	}
	return records
}

// about are the records with a message about an object with a name.
func about(records []record, msg, name string) []record {
	var result []record
	for _, r := range records {
		if r.Msg == msg && r.Name == name {
			result = append(result, r)
		}
	}
	return result
}

// journal sums up what a manager did.
type journal struct {
	reconciles, stale, conflicts, interrupted, events, resyncs int
	// failures are errors that are neither conflicts nor due to the manager's own end.
	failures []string
	// disorder are events that came twice, or not in their order. One that comes twice in a row
	// looks like a resync.
	disorder []string
	// seen is the last version by UID, asked and resumed count by UID.
	seen           map[string]string
	asked, resumed map[string]int
	// unexplained are reconciles by query, less what explains them. Above zero nothing does.
	unexplained map[string]int
}

func (m *manager) journal() *journal {
	j := &journal{seen: map[string]string{}, asked: map[string]int{}, resumed: map[string]int{}, unexplained: map[string]int{}}
	for _, r := range m.records() {
		switch r.Msg {
		case "watch event":
			j.event(r)
		case "mapped":
			j.unexplained[r.key()]--
		case "reconcile":
			j.reconciles++
			j.unexplained[r.key()]++
		case "resume":
			j.resumed[r.UID]++
		case "stale":
			j.stale++
		case "ask":
			j.asked[r.UID]++
		case "Reconciler error":
			j.failure(r)
		}
	}
	return j
}

func (j *journal) event(r record) {
	j.events++
	if query := r.wakes(); query != "" {
		j.unexplained[query]--
	}
	if r.Event == "resync" {
		j.resyncs++
	}
	// The first event of an object must be its creation, and no other may be.
	before, known := j.seen[r.UID]
	if known == (r.Event == "create") || known && r.Event != "resync" && number(r.ResourceVersion) <= number(before) {
		j.disorder = append(j.disorder, r.Event+" of "+r.Kind+" "+r.key()+" at "+r.ResourceVersion+" after "+before)
	}
	j.seen[r.UID] = r.ResourceVersion
}

func (j *journal) failure(r record) {
	if r.Controller == "query" {
		j.unexplained[r.key()]--
	}
	switch {
	case strings.Contains(r.Err, "the object has been modified"):
		j.conflicts++
	case strings.Contains(r.Err, "context canceled"):
		j.interrupted++
	default:
		j.failures = append(j.failures, r.Controller+" "+r.key()+": "+r.Err)
	}
}

func number(resourceVersion string) int64 {
	n, err := strconv.ParseInt(resourceVersion, 10, 64)
	Expect(err).NotTo(HaveOccurred())
	return n
}
