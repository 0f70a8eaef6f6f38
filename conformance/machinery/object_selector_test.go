package machinery_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/tools/cache"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const noObjectSelectors = "custom resources have selectable fields only"

// answered creates a Query that took a while and some tokens.
func answered(ctx context.Context, namespace, name, input string, seconds, tokens int) {
	GinkgoHelper()
	q := query(name)
	q.Spec.Input.Raw = jsonOf(input)
	created(ctx, namespace, q)
	patched(ctx, namespace, name, fmt.Sprintf(`{"status":{"phase":"done","duration":"%ds","tokenUsage":{"totalTokens":%d}}}`, seconds, tokens), "status")
}

// fieldSelector is a parameter of a list or watch.
func fieldSelector(text string) string { return "fieldSelector=" + url.QueryEscape(text) }

var _ = Describe("A field selector that looks at objects", func() {
	var namespace, collection string

	BeforeEach(func(ctx context.Context) {
		unlessCustomResources(noObjectSelectors)
		namespace = framework.Namespace(ctx)
		collection = path(namespace, "queries")
	})

	fill := func(ctx context.Context) {
		GinkgoHelper()
		answered(ctx, namespace, "a", "Why did the connection fail?", 5, 100)
		answered(ctx, namespace, "b", "A timeout of 100% of what_ever", 40, 90)
		answered(ctx, namespace, "c", "The Connection has a TIMEOUT", 300, 1000)
		created(ctx, namespace, query("d"))
	}

	It("selects by comparisons, words and expressions", func(ctx context.Context) {
		fill(ctx)
		for selector, want := range map[string][]string{
			"status.tokenUsage.totalTokens>=100":                         {"a", "c"},
			"status.tokenUsage.totalTokens<=99.5":                        {"b"},
			"status.duration>=40s,status.duration<=5m":                   {"b", "c"},
			"status.duration!=5s":                                        {"b", "c", "d"},
			"status.duration=":                                           {"d"},
			"metadata.creationTimestamp>=2020-01-01T00:00:00Z":           {"a", "b", "c", "d"},
			"metadata.name>=b,metadata.name<=c":                          {"b", "c"},
			"status.phase^=do,status.phase=done":                         {"a", "b", "c"},
			"text~=connection":                                           {"a", "c"},
			"text~=timeout connection":                                   {"c"},
			"text~=what":                                                 {"b"},
			`filter=object.status.tokenUsage.totalTokens % 100 \=\= 0`:   {"a", "c"},
			`filter=!has(object.status) || !has(object.status.duration)`: {"d"},
			`filter=object.spec.input.contains("100%")`:                  {"b"},
			`filter=true,status.phase!=done`:                             {"d"},
			`filter=object.nothing.here \=\= 1 || true`:                  nil,
		} {
			list := get(ctx, collection+"?"+fieldSelector(selector))
			if want == nil {
				list.refuses(400, metav1.StatusReasonBadRequest, "filter: line 1, column 7: undefined field 'nothing'")
				continue
			}
			Expect(itemNames(list)).To(Equal(want), selector)
			watch(ctx, collection, fieldSelector(selector)).sees(prefixed("ADDED ", want)...)
		}
	})

	It("is followed by watches: what enters is ADDED, what leaves DELETED in its last state", func(ctx context.Context) {
		start := created(ctx, namespace, query("q"))
		parameters := fieldSelector(`status.duration>=10s,filter=object.metadata.name !\= "other"`) + "&resourceVersion=" + start.ResourceVersion
		w := watch(ctx, collection, parameters)
		answered(ctx, namespace, "other", "x", 60, 1)
		for _, duration := range []string{"1s", "10s", "20s"} {
			patched(ctx, namespace, "q", `{"status":{"duration":"`+duration+`"}}`, "status")
		}
		left := patched(ctx, namespace, "q", `{"status":{"duration":"2s"}}`, "status")
		patched(ctx, namespace, "q", `{"status":{"duration":"60s"}}`, "status")
		deleted(ctx, namespace, "q")
		events := w.sees("ADDED q", "MODIFIED q", "DELETED q", "ADDED q", "DELETED q")
		Expect(events[2].Object.GetResourceVersion()).To(Equal(left.ResourceVersion))
		Expect(jsonOf(events[2].Object.Object["status"])).To(ContainSubstring(`"20s"`))
		// The same from the history.
		watch(ctx, collection, parameters).sees("ADDED q", "MODIFIED q", "DELETED q", "ADDED q", "DELETED q")
	})

	It("deletes a collection", func(ctx context.Context) {
		fill(ctx)
		send(ctx, http.MethodDelete, collection+"?"+fieldSelector("status.duration<=1m,text~=connection"), "").succeeds(200)
		Expect(itemNames(get(ctx, collection))).To(Equal([]string{"b", "c", "d"}))
		send(ctx, http.MethodDelete, collection+"?"+fieldSelector("orderBy=-status.tokenUsage.totalTokens,first=1"), "").succeeds(200)
		Expect(itemNames(get(ctx, collection))).To(Equal([]string{"b", "d"}))
	})

	It("goes with labels, other forms of objects, initial events and a dry run", func(ctx context.Context) {
		fill(ctx)
		patched(ctx, namespace, "a", `{"metadata":{"labels":{"kept":"yes"}}}`)
		selector := fieldSelector("text~=connection")
		for labels, want := range map[string][]string{"kept=yes": {"a"}, "!kept": {"c"}, "kept!=no": {"a", "c"}} {
			labels = "&labelSelector=" + url.QueryEscape(labels)
			Expect(itemNames(get(ctx, collection+"?"+selector+labels))).To(Equal(want), labels)
			watch(ctx, collection, selector+labels).sees(prefixed("ADDED ", want)...)
		}
		Expect(itemNames(get(ctx, collection+"?"+selector, accept(partialListType)))).To(Equal([]string{"a", "c"}))
		Expect(get(ctx, collection+"?"+selector, accept(tableType)).table().Rows).To(HaveExactElements(HaveField("Cells", ContainElement("a")), HaveField("Cells", ContainElement("c"))))
		initial := watch(ctx, collection, selector+"&"+watchList)
		initial.sees("ADDED a", "ADDED c")
		Expect(initial.next()).To(Satisfy(endsInitialEvents))
		patched(ctx, namespace, "d", `{"spec":{"input":"no connection"}}`)
		initial.sees("ADDED d")
		send(ctx, http.MethodDelete, collection+"?dryRun=All&"+selector, "").succeeds(200)
		Expect(itemNames(get(ctx, collection+"?"+selector))).To(Equal([]string{"a", "c", "d"}))
	})

	It("is there for kinds without namespaces and of other versions", func(ctx context.Context) {
		for _, kind := range []struct{ collection, manifest, selector string }{
			{"/apis/ark.ai/v1alpha1/arkconfigs", `{"apiVersion":"ark.ai/v1alpha1","kind":"ArkConfig","metadata":{"name":"` + namespace + `"},"spec":{"queryTTL":"90h"}}`, "spec.queryTTL>=72h"},
			{"/apis/ark.ai/v1prealpha1/namespaces/" + namespace + "/executionengines",
				`{"apiVersion":"ark.ai/v1prealpha1","kind":"ExecutionEngine","metadata":{"name":"` + namespace + `"},"spec":{"address":{"value":"http://engine"},"description":"The one"}}`, "spec.description~=one"},
		} {
			send(ctx, http.MethodPost, kind.collection, kind.manifest).succeeds(201)
			DeferCleanup(func(ctx context.Context) { send(ctx, http.MethodDelete, kind.collection+"/"+namespace, "") })
			selector := fieldSelector(kind.selector + `,filter=object.metadata.name \=\= "` + namespace + `",orderBy=-metadata.name,first=5`)
			Expect(itemNames(get(ctx, kind.collection+"?"+selector))).To(Equal([]string{namespace}))
			watch(ctx, kind.collection, selector).sees("ADDED " + namespace)
		}
	})

	It("orders, in pages of one revision", func(ctx context.Context) {
		fill(ctx)
		for selector, want := range map[string][]string{
			"orderBy=status.tokenUsage.totalTokens":                          {"b", "a", "c", "d"},
			"orderBy=-status.tokenUsage.totalTokens":                         {"c", "a", "b", "d"},
			"orderBy=-metadata.name":                                         {"d", "c", "b", "a"},
			"orderBy=status.phase":                                           {"a", "b", "c", "d"},
			"orderBy=-status.duration,first=2":                               {"c", "b"},
			"orderBy=-status.duration,first=3,text~=connection":              {"c", "a"},
			"orderBy=status.duration,metadata.name!=a,status.phase=done":     {"b", "c"},
			"orderBy=status.duration,metadata.name=c":                        {"c"},
			`orderBy=-status.duration,filter=object.status.phase \=\= "don"`: {},
		} {
			Expect(itemNames(get(ctx, collection+"?"+fieldSelector(selector)))).To(Equal(want), selector)
			for limit := 1; limit <= 3; limit++ {
				at := collection + "?" + fieldSelector(selector) + fmt.Sprintf("&limit=%d", limit)
				got, token, revision := []string{}, "", ""
				for next := true; next; next = token != "" {
					list := get(ctx, at+"&continue="+url.QueryEscape(token))
					got = append(got, itemNames(list)...)
					metadata := list.object().Object["metadata"].(map[string]any)
					token, _ = metadata["continue"].(string)
					if revision == "" {
						revision = metadata["resourceVersion"].(string)
						// Later pages don't see it.
						answered(ctx, namespace, fmt.Sprintf("late-%d", limit), "connection", 20, 95)
					}
					Expect(metadata["resourceVersion"]).To(Equal(revision))
				}
				Expect(got).To(Equal(want), "%s, %d at a time", selector, limit)
				send(ctx, http.MethodDelete, collection+"?"+fieldSelector("metadata.name^=late-"), "").succeeds(200)
			}
		}
	})

	It("shows the first of an order as they change", func(ctx context.Context) {
		fill(ctx)
		start := get(ctx, collection+"?"+fieldSelector("orderBy=-status.duration,first=2"))
		Expect(itemNames(start)).To(Equal([]string{"c", "b"}))
		revision := start.object().Object["metadata"].(map[string]any)["resourceVersion"].(string)
		w := watch(ctx, collection, fieldSelector("orderBy=-status.duration,first=2")+"&resourceVersion="+revision)
		patched(ctx, namespace, "a", `{"status":{"duration":"50s"}}`, "status") // a pushes b out
		patched(ctx, namespace, "b", `{"status":{"duration":"45s"}}`, "status") // out of sight
		patched(ctx, namespace, "c", `{"metadata":{"labels":{"x":"y"}}}`)
		deleted(ctx, namespace, "c")                                                   // b moves up
		last := patched(ctx, namespace, "b", `{"status":{"duration":null}}`, "status") // and is last, with d
		events := w.sees("ADDED a", "DELETED b", "MODIFIED c", "ADDED b", "DELETED c", "MODIFIED b")
		Expect(events[5].Object.GetResourceVersion()).To(Equal(last.ResourceVersion))
		watch(ctx, collection, fieldSelector("orderBy=-status.duration,first=2")).sees("ADDED a", "ADDED b")
		// No limit is no way around how many are wanted.
		Expect(itemNames(get(ctx, collection+"?limit=-1&"+fieldSelector("orderBy=-status.duration,first=2")))).To(Equal([]string{"a", "b"}))
	})

	DescribeTable("is refused if it can't be understood", func(ctx context.Context, selector, message string) {
		for _, parameters := range []string{"", "watch=true&"} {
			get(ctx, collection+"?"+parameters+fieldSelector(selector)).refuses(400, metav1.StatusReasonBadRequest, message)
		}
		send(ctx, http.MethodDelete, collection+"?"+fieldSelector(selector), "").refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("an unknown field", "status.phse>=a", "field label not supported: status.phse>: known are text, filter, orderBy, first, metadata.creationTimestamp"),
		Entry("an operator for other types", "status.tokenUsage.totalTokens~=1", "can't be compared with ~=: supported are =, !=, >=, <="),
		Entry("a negated operator", "status.duration>!=1s", "operator not supported"),
		Entry("a value of another type", "status.duration>=10", "status.duration>=10: must be a duration such as 300ms, 5m or 1h30m"),
		Entry("no words", "text~=%_'", "must have a word"),
		Entry("an expression of another type", "filter=object.metadata.name", "filter: must be true or false, is of type string"),
		Entry("an expression that is none", "filter=1 +", "filter: line 1, column 4: Syntax error"),
		Entry("an expression that is too costly", `filter=object.spec.overrides.all(a\, object.spec.overrides.all(b\, object.spec.overrides.all(c\, a \=\= b && b \=\= c)))`, "filter: is too costly"),
		Entry("words without the operator", "text!=x", "text: must be text~=…"),
		Entry("an expression that is empty", "filter=", "filter: line 1, column 1: Syntax error: must be an expression such as has(object.status)"),
		Entry("an expression that ends early", "filter=(", "filter: line 1, column 2: Syntax error"),
		Entry("an expression that is too deep", "filter="+strings.Repeat("(", 1000)+"true"+strings.Repeat(")", 1000), "filter: expression recursion limit exceeded"),
		Entry("a function that there is not", "filter=now() > 1", "filter: line 1, column 4: undeclared reference to 'now'"),
		Entry("a comparison of types", `filter=object.spec.timeout \=\= 5`, "filter: line 1, column 21: found no matching overload"),
		Entry("a regular expression that is none", `filter=object.spec.timeout.matches("(")`, "filter: line 1, column 29: invalid matches argument"),
		Entry("an expression that makes too much", `filter=lists.range(1000000000).size() > 0`, "nor is what handles as many values"),
		Entry("a number in another notation", "status.tokenUsage.totalTokens>=0x10", "must be a number"),
		Entry("a number that is too large", "status.tokenUsage.totalTokens>=1e999", "must be a number between"),
		Entry("a day that does not exist", "metadata.creationTimestamp>=2026-02-30T00:00:00Z", "must be a time such as 2006-01-02T15:04:05Z"),
		Entry("how many, with a sign", "orderBy=metadata.name,first=+5", "first=+5: must be a number from 1 to 500"),
		Entry("two orders", "orderBy=status.duration,orderBy=metadata.name", "orderBy: must be given once"),
		Entry("an order of a part", "orderBy=spec.target", "orderBy=spec.target: field label not supported: known are"),
		Entry("no operator", "status.duration>5s", "can't understand 'status.duration>5s'"),
		Entry("how many, without an order", "first=5", "first needs orderBy"),
		Entry("an order of free JSON", "orderBy=spec.input", "orderBy=spec.input: field label not supported"),
		Entry("NUL", "status.jobId>=\x00,status.nothing=", "field label not supported: status.nothing"),
	)

	It("refuses continue tokens of other lists, and such that were changed", func(ctx context.Context) {
		fill(ctx)
		token := func(selector string) string {
			list := get(ctx, collection+"?limit=1&"+fieldSelector(selector))
			return url.QueryEscape(list.succeeds(200).object().Object["metadata"].(map[string]any)["continue"].(string))
		}
		ordered, unordered := token("orderBy=status.duration"), token("status.duration>=1s")
		for selector, token := range map[string]string{
			"orderBy=-status.duration":              ordered,
			"orderBy=status.duration,text~=timeout": ordered,
			"orderBy=status.duration":               unordered,
			"orderBy=status.duration,first=5":       "bm90aGluZw",
			"status.duration>=1s":                   ordered,
			"status.duration>=2s":                   unordered,
			"text~=timeout":                         unordered,
			"orderBy=metadata.uid":                  "%00%ff",
		} {
			get(ctx, collection+"?limit=1&continue="+token+"&"+fieldSelector(selector)).refuses(400, metav1.StatusReasonBadRequest, "continue")
		}
		for selector, token := range map[string]string{"orderBy=status.duration": ordered, "status.duration>=1s": unordered} {
			get(ctx, collection+"?limit=1&labelSelector=!a&continue="+token+"&"+fieldSelector(selector)).refuses(400, metav1.StatusReasonBadRequest, "continue")
			get(ctx, arkVersion+"/queries?limit=1&continue="+token+"&"+fieldSelector(selector)).refuses(400, metav1.StatusReasonBadRequest, "continue")
			for at := range len(token) {
				changed := token[:at] + string(token[at]^1) + token[at+1:]
				get(ctx, collection+"?limit=1&continue="+url.QueryEscape(changed)+"&"+fieldSelector(selector)).refuses(400, metav1.StatusReasonBadRequest, "continue")
			}
			get(ctx, collection+"?limit=5&continue="+token+"&"+fieldSelector(selector)).succeeds(200)
		}
		get(ctx, collection+"?limit=1&resourceVersion=5&continue="+ordered+"&"+fieldSelector("orderBy=status.duration")).
			refuses(400, metav1.StatusReasonBadRequest, "specifying resource version is not allowed when using continue")
	})

	It("takes values and terms of any kind and number", func(ctx context.Context) {
		fill(ctx)
		for _, value := range []string{"%", "_", "'", `"`, "\x00", `\\`, "' OR 1=1 --", "é\u2028", strings.Repeat("x", 5000)} {
			value = fields.EscapeValue(value)
			for _, operator := range []string{"=", ">=", "^="} {
				list := get(ctx, collection+"?"+fieldSelector("status.jobId"+operator+value))
				Expect(itemNames(list)).To(BeEmpty(), "%s%q", operator, value)
			}
		}
		many := func(n int) string {
			return strings.Repeat("metadata.name!=b,status.duration>=1s,status.jobId!=x,", n) + "metadata.name=a"
		}
		Expect(itemNames(get(ctx, collection+"?"+fieldSelector(many(500))))).To(Equal([]string{"a"}))
		get(ctx, collection+"?"+fieldSelector(many(501))).refuses(400, metav1.StatusReasonBadRequest, "at most 1000 comparisons and words are supported")
	})

	It("fills the caches of informers", func(ctx context.Context) {
		fill(ctx)
		term := fields.OneTermEqualSelector("filter", `has(object.status) && object.status.phase == "done" && object.metadata.name in ["a", "d", "e"]`)
		informer := cache.NewSharedIndexInformer(
			cache.NewListWatchFromClient(framework.Ark.ArkV1alpha1().RESTClient(), "queries", namespace, term), &v1alpha1.Query{}, 0, nil)
		go informer.RunWithContext(ctx)
		kept := func() []string {
			keys := informer.GetStore().ListKeys()
			slices.Sort(keys)
			return keys
		}
		Eventually(ctx, kept).Should(Equal([]string{namespace + "/a"}))
		answered(ctx, namespace, "e", "x", 1, 1)
		patched(ctx, namespace, "d", setPhase("done"), "status")
		patched(ctx, namespace, "a", setPhase("error"), "status")
		Eventually(ctx, kept).Should(Equal([]string{namespace + "/d", namespace + "/e"}))
	})

	It("answers as objects are, at every revision, and is kept by watches", func(ctx context.Context) {
		run := newSelectorRun(namespace)
		run.start(ctx)
		for range 120 {
			run.change(ctx)
		}
		run.check(ctx)
		AddReportEntry("cases", run.report(), ReportEntryVisibilityAlways)
	})
})

func prefixed(prefix string, names []string) []string {
	result := make([]string, len(names))
	for i, name := range names {
		result[i] = prefix + name
	}
	return result
}

// selectorRun changes queries at random, while selectors made at random are watched, and compares
// with what the selectors mean.
type selectorRun struct {
	namespace string
	random    *rand.Rand
	seed      uint64
	cases     []*selectorCase
	// states are the queries after each write, by revision, oldest first.
	states []selectorState
	lists  int
}

type selectorState struct {
	revision string
	queries  map[string]*v1alpha1.Query
}

// selectorCase is a selector, what it means, and what a watch of it keeps.
type selectorCase struct {
	text    string
	matches func(*v1alpha1.Query) bool
	// less is nil without an order.
	less  func(a, b *v1alpha1.Query) int
	first int

	mu   sync.Mutex
	kept map[string]string // name → resource version
}

func newSelectorRun(namespace string) *selectorRun {
	seed := rand.Uint64()
	return &selectorRun{namespace: namespace, seed: seed, random: rand.New(rand.NewPCG(seed, 0))}
}

func (r *selectorRun) report() string {
	return fmt.Sprintf("seed %d: %d selectors, %d states, %d lists compared", r.seed, len(r.cases), len(r.states), r.lists)
}

var someWords = []string{"red", "green", "blue", "Black", "WHITE"}

// term is a part of a selector, and what it means.
func (r *selectorRun) term() (string, func(*v1alpha1.Query) bool) {
	n := int64(r.random.IntN(10))
	word := someWords[r.random.IntN(len(someWords))]
	tokens := func(q *v1alpha1.Query) *int64 { return q.Status.TokenUsage.TotalTokens }
	duration := func(q *v1alpha1.Query) (time.Duration, bool) {
		d, err := q.Status.Duration.Parse()
		return d, err == nil
	}
	switch r.random.IntN(10) {
	case 0:
		return fmt.Sprintf("status.tokenUsage.totalTokens>=%d", n), func(q *v1alpha1.Query) bool { return tokens(q) != nil && *tokens(q) >= n }
	case 1:
		return fmt.Sprintf("status.tokenUsage.totalTokens<=%d.5", n), func(q *v1alpha1.Query) bool { return tokens(q) != nil && *tokens(q) <= n }
	case 2:
		return fmt.Sprintf("status.tokenUsage.totalTokens!=%d", n), func(q *v1alpha1.Query) bool { return tokens(q) == nil || *tokens(q) != n }
	case 3:
		limit := time.Duration(n) * time.Second
		return fmt.Sprintf("status.duration>=%s", limit), func(q *v1alpha1.Query) bool {
			d, present := duration(q)
			return present && d >= limit
		}
	case 4:
		return "status.phase=done", func(q *v1alpha1.Query) bool { return q.Status.Phase == "done" }
	case 5:
		return "status.phase^=r", func(q *v1alpha1.Query) bool { return strings.HasPrefix(string(q.Status.Phase), "r") }
	case 6:
		return "text~=" + word, func(q *v1alpha1.Query) bool {
			return slices.ContainsFunc(strings.FieldsFunc(q.Spec.Input.Raw, func(r rune) bool { return r == ' ' || r == '"' }),
				func(w string) bool { return strings.EqualFold(w, word) })
		}
	case 7:
		return fmt.Sprintf(`filter=object.status.tokenUsage.totalTokens %% 3 \=\= %d`, n%3), func(q *v1alpha1.Query) bool { return tokens(q) != nil && *tokens(q)%3 == n%3 }
	case 8:
		return fmt.Sprintf(`filter=object.spec.input.contains("%s")`, word), func(q *v1alpha1.Query) bool { return strings.Contains(q.Spec.Input.Raw, word) }
	default:
		return "status.phase!=done", func(q *v1alpha1.Query) bool { return q.Status.Phase != "done" }
	}
}

func (r *selectorRun) newCase() *selectorCase {
	text, matches := r.term()
	for range r.random.IntN(3) {
		more, also := r.term()
		both := matches
		text, matches = text+","+more, func(q *v1alpha1.Query) bool { return both(q) && also(q) }
	}
	c := &selectorCase{matches: matches, kept: map[string]string{}}
	if r.random.IntN(3) == 0 {
		sign := 1 - 2*r.random.IntN(2)
		c.first = 1 + r.random.IntN(6)
		text += fmt.Sprintf(",orderBy=%sstatus.tokenUsage.totalTokens,first=%d", map[int]string{-1: "-"}[sign], c.first)
		c.less = func(a, b *v1alpha1.Query) int {
			x, y := a.Status.TokenUsage.TotalTokens, b.Status.TokenUsage.TotalTokens
			switch {
			case x == nil && y == nil:
				return cmp.Compare(a.Name, b.Name)
			case x == nil:
				return 1
			case y == nil:
				return -1
			}
			return cmp.Or(sign*cmp.Compare(*x, *y), cmp.Compare(a.Name, b.Name))
		}
	}
	c.text = text
	return c
}

// meant are the names that the selector means, in their order.
func (c *selectorCase) meant(queries map[string]*v1alpha1.Query) []string {
	var found []*v1alpha1.Query
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		if c.matches(queries[name]) {
			found = append(found, queries[name])
		}
	}
	if c.less != nil {
		slices.SortFunc(found, c.less)
		found = found[:min(len(found), c.first)]
	}
	names := make([]string, len(found))
	for i, q := range found {
		names[i] = q.Name
	}
	return names
}

// start makes the selectors, and watches them.
func (r *selectorRun) start(ctx context.Context) {
	GinkgoHelper()
	first := created(ctx, r.namespace, query("first"))
	r.states = append(r.states, selectorState{first.ResourceVersion, map[string]*v1alpha1.Query{first.Name: first}})
	for range 40 {
		c := r.newCase()
		r.cases = append(r.cases, c)
		w := watch(ctx, path(r.namespace, "queries"), fieldSelector(c.text))
		go func() {
			for e := range w.events {
				c.mu.Lock()
				if e.Type == "DELETED" {
					delete(c.kept, e.Object.GetName())
				} else {
					c.kept[e.Object.GetName()] = e.Object.GetResourceVersion()
				}
				c.mu.Unlock()
			}
		}()
	}
}

// change makes one write.
func (r *selectorRun) change(ctx context.Context) {
	GinkgoHelper()
	before := r.states[len(r.states)-1].queries
	state := selectorState{queries: maps.Clone(before)}
	name := fmt.Sprintf("q%02d", r.random.IntN(20))
	switch old := before[name]; {
	case old == nil:
		q := query(name)
		q.Spec.Input.Raw = jsonOf(someWords[r.random.IntN(5)] + " " + someWords[r.random.IntN(5)])
		q = created(ctx, r.namespace, q)
		state.revision, state.queries[name] = q.ResourceVersion, q
	case r.random.IntN(6) == 0:
		// A deletion's revision is that of the object it shows.
		object := send(ctx, http.MethodDelete, path(r.namespace, "queries")+"/"+name, `{"kind":"DeleteOptions","apiVersion":"v1"}`)
		object.succeeds(200)
		delete(state.queries, name)
		state.revision = listed(ctx, r.namespace, metav1.ListOptions{Limit: 1}).ResourceVersion
	default:
		patch, err := json.Marshal(map[string]any{"status": map[string]any{
			"phase":      []any{"pending", "running", "done", "error"}[r.random.IntN(4)],
			"duration":   []any{nil, "500ms", "3s", "1m"}[r.random.IntN(4)],
			"tokenUsage": map[string]any{"totalTokens": []any{nil, 0, 1, 2, 3, 5, 8}[r.random.IntN(7)]},
		}})
		Expect(err).NotTo(HaveOccurred())
		q := patched(ctx, r.namespace, name, string(patch), "status")
		if q.ResourceVersion == old.ResourceVersion {
			return // It was so before, and there is no new revision.
		}
		state.revision, state.queries[name] = q.ResourceVersion, q
	}
	r.states = append(r.states, state)
}

// check compares lists now and in the past, and what watches keep.
func (r *selectorRun) check(ctx context.Context) {
	GinkgoHelper()
	last := r.states[len(r.states)-1].queries
	for _, c := range r.cases {
		for _, state := range []selectorState{r.states[r.random.IntN(len(r.states))], r.states[r.random.IntN(len(r.states))], {queries: last}} {
			at := path(r.namespace, "queries") + "?" + fieldSelector(c.text)
			if state.revision != "" {
				at += "&resourceVersionMatch=Exact&resourceVersion=" + state.revision
			}
			Expect(itemNames(get(ctx, at))).To(HaveExactElements(c.meant(state.queries)), "seed %d, %s at %q", r.seed, c.text, state.revision)
			r.lists++
		}
		Eventually(ctx, func() []string {
			c.mu.Lock()
			defer c.mu.Unlock()
			return slices.Sorted(maps.Keys(c.kept))
		}).WithTimeout(eventTimeout).Should(Equal(slices.Sorted(slices.Values(c.meant(last)))), "seed %d, watch of %s", r.seed, c.text)
		for name, revision := range c.kept {
			Expect(revision).To(Equal(last[name].ResourceVersion), "seed %d, %s in the watch of %s", r.seed, name, c.text)
		}
	}
}
