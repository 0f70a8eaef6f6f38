package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// question is asked by a field selector where there is more than "=", and elsewhere by a client
// that lists everything and looks for itself.
type question struct {
	name, namespace string
	selector        string
	matches         func(*v1alpha1.Query) bool
	// compare is the order, in which the first are wanted; names are the last resort.
	compare func(a, b *v1alpha1.Query) int
	first   int
}

func newestFirst(a, b *v1alpha1.Query) int {
	return b.CreationTimestamp.Compare(a.CreationTimestamp.Time)
}

func tokens(q *v1alpha1.Query) int64 {
	if q.Status.TokenUsage.TotalTokens == nil {
		return 0
	}
	return *q.Status.TokenUsage.TotalTokens
}

func hasNone(*v1alpha1.Query) bool { return false }

func hasWord(q *v1alpha1.Query, word string) bool {
	texts := q.Name + " " + q.Spec.Input.Raw
	if q.Status.Response != nil && q.Status.Response.Content != nil {
		texts += " " + *q.Status.Response.Content
	}
	return slices.Contains(strings.FieldsFunc(texts, func(r rune) bool { return r == ' ' || r == '"' }), word)
}

func duration(q *v1alpha1.Query) time.Duration {
	d, err := time.ParseDuration(string(q.Status.Duration))
	if err != nil {
		return -1
	}
	return d
}

var allQuestions = []question{
	{
		name: "a rare number, newest 50", selector: "status.tokenUsage.totalTokens>=99500,orderBy=-metadata.creationTimestamp,first=50",
		matches: func(q *v1alpha1.Query) bool { return tokens(q) >= 99_500 }, compare: newestFirst, first: 50,
	},
	{
		name: "a common number, newest 50", selector: "status.tokenUsage.totalTokens>=50000,orderBy=-metadata.creationTimestamp,first=50",
		matches: func(q *v1alpha1.Query) bool { return tokens(q) >= 50_000 }, compare: newestFirst, first: 50,
	},
	{
		name: "namespace and phase, newest 50", namespace: namespaces[2], selector: "status.phase=error,orderBy=-metadata.creationTimestamp,first=50",
		matches: func(q *v1alpha1.Query) bool { return q.Status.Phase == v1alpha1.QueryError }, compare: newestFirst, first: 50,
	},
	{
		name: "a rare word", selector: "text~=w12345",
		matches: func(q *v1alpha1.Query) bool { return hasWord(q, "w12345") },
	},
	{
		name: "two common words, newest 50", selector: "text~=w20 w30,orderBy=-metadata.creationTimestamp,first=50",
		matches: func(q *v1alpha1.Query) bool { return hasWord(q, "w20") && hasWord(q, "w30") }, compare: newestFirst, first: 50,
	},
	{
		name: "two filters and an order", selector: "status.tokenUsage.totalTokens>=90000,status.duration>=5m,orderBy=-status.duration,first=20",
		matches: func(q *v1alpha1.Query) bool { return tokens(q) >= 90_000 && duration(q) >= 5*time.Minute },
		compare: func(a, b *v1alpha1.Query) int { return cmp.Compare(duration(b), duration(a)) }, first: 20,
	},
	{
		name:     "an expression",
		selector: `filter=object.status.phase \=\= "error" && object.spec.target.name in ["agent-7"\, "agent-8"] && object.status.tokenUsage.totalTokens > 95000`,
		matches: func(q *v1alpha1.Query) bool {
			return q.Status.Phase == v1alpha1.QueryError && (q.Spec.Target.Name == "agent-7" || q.Spec.Target.Name == "agent-8") && tokens(q) > 95_000
		},
	},
	{
		name: "a declared field that none has", selector: "status.phase=canceled",
		matches: func(q *v1alpha1.Query) bool { return q.Status.Phase == v1alpha1.QueryCanceled },
	},
}

const (
	// times that a question is asked in a sample.
	times = 5
	// long is how many objects it takes a minute to look at, so that once is enough.
	long = 500_000
)

// withIndex is what follows the name of a question, or of a write, once there is an index.
const withIndex = ", indexed"

// questions, and their answers compared with those that the first subject has found.
var questions = askAll("")

func askAll(suffix string) []work {
	ask := make([]work, len(allQuestions))
	for i, q := range allQuestions {
		answers := make(map[int][]string) // of rounds: objects are created between them
		ask[i] = work{name: q.name + suffix, do: func(ctx context.Context, s *subject, r *result) error {
			n := times
			if suffix == "" && r.Objects >= long {
				n = 1
			}
			if !s.selects() {
				n = 1
				if r.Skipped = suffix != ""; r.Skipped {
					return nil
				}
			}
			r.Requests = n
			durations := make([]time.Duration, n)
			for at := range n {
				began := time.Now()
				found, err := s.ask(ctx, q)
				if err != nil {
					return err
				}
				durations[at] = time.Since(began)
				slices.Sort(found)
				if answer, ok := answers[r.Round]; !ok {
					answers[r.Round] = found
				} else if len(answer) != len(found) || q.compare == nil && !slices.Equal(answer, found) {
					// Creation times differ, so that the newest of many are others.
					return fmt.Errorf("%d objects answer, but %d answered somebody else", len(found), len(answer))
				}
			}
			r.took(durations)
			return nil
		}}
	}
	return ask
}

// ask returns the names of the objects that answer.
func (s *subject) ask(ctx context.Context, q question) ([]string, error) {
	path := all
	if q.namespace != "" {
		path = collectionIn(q.namespace)
	}
	var found []*v1alpha1.Query
	values := url.Values{"limit": {"500"}}
	if s.selects() {
		values = url.Values{"fieldSelector": {q.selector}}
	}
	for {
		body, err := s.request(ctx, http.MethodGet, path+"?"+values.Encode(), "", "")
		if err != nil {
			return nil, err
		}
		page := &v1alpha1.QueryList{}
		if err := json.Unmarshal(body, page); err != nil {
			return nil, err
		}
		for i := range page.Items {
			if s.selects() || q.matches(&page.Items[i]) {
				found = append(found, &page.Items[i])
			}
		}
		if page.Continue == "" {
			break
		}
		values.Set("continue", page.Continue)
	}
	if !s.selects() && q.compare != nil {
		slices.SortStableFunc(found, q.compare)
		found = found[:min(q.first, len(found))]
	}
	names := make([]string, len(found))
	for i, object := range found {
		names[i] = object.Name
		if !q.matches(object) {
			return nil, fmt.Errorf("%s does not match", object.Name)
		}
	}
	return names, nil
}
