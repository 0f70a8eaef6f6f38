package fieldselector_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/openapi"
	"ark.ai/apiserver/src/registry/fieldselector"
	"ark.ai/apiserver/src/storage"
)

var _ storage.ObjectSelector = &fieldselector.Selector{}

func kindOf(newObject func() runtime.Object, declared ...string) *fieldselector.Kind {
	declared = append(declared, "metadata.name", "metadata.namespace")
	return fieldselector.NewKind(newObject, declared, func() (*spec.Schema, error) {
		definitions := openapi.GetOpenAPIDefinitions(spec.MustCreateRef)
		return resolver.PopulateRefs(func(name string) (*spec.Schema, bool) {
			definition, ok := definitions[name]
			return &definition.Schema, ok
		}, newObject().(interface{ OpenAPIModelName() string }).OpenAPIModelName())
	})
}

var (
	queries  = kindOf(func() runtime.Object { return &v1alpha1.Query{} }, "status.phase", "spec.target.name")
	requests = kindOf(func() runtime.Object { return &v1alpha1.ToolApprovalRequest{} }, "status.phase")
)

// a query that has ended, and one of which nothing but its name is known.
func ended() *v1alpha1.Query {
	return &v1alpha1.Query{
		ObjectMeta: metav1.ObjectMeta{Name: "ended", Namespace: "team", Generation: 3, CreationTimestamp: metav1.NewTime(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))},
		Spec: v1alpha1.QuerySpec{
			Input:   &v1alpha1.JSON{Raw: `[{"role":"user","content":"The CONNECTION was lost: a timeout, naïve Ünïcode"}]`},
			Target:  &v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: "parrot"},
			Timeout: "90s",
			Cancel:  ptr.To(true),
		},
		Status: v1alpha1.QueryStatus{
			Phase:      v1alpha1.QueryError,
			Duration:   "1m30s",
			TokenUsage: v1alpha1.TokenUsage{TotalTokens: ptr.To[int64](9007199254740993), PromptTokens: ptr.To[int64](100)},
			Response:   &v1alpha1.QueryResponse{Content: ptr.To("100% sure_ of 'that'"), Raw: ptr.To("")},
		},
	}
}

func unknown() *v1alpha1.Query {
	return &v1alpha1.Query{ObjectMeta: metav1.ObjectMeta{Name: "unknown", Namespace: "team"}}
}

// compile a selector as a server does.
func compile(t testing.TB, kind *fieldselector.Kind, text string) fields.Selector {
	t.Helper()
	parsed, err := fields.ParseSelector(text)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err = parsed.Transform(func(key, value string) (string, string, error) { return key, value, kind.Check(key, value) })
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := kind.Compile(t.Context(), parsed)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// matches decides an object.
func matches(t testing.TB, kind *fieldselector.Kind, text string, obj runtime.Object) bool {
	t.Helper()
	compiled := compile(t, kind, text)
	query := obj.(*v1alpha1.Query)
	declared := fields.Set{"status.phase": string(query.Status.Phase), "spec.target.name": "", "metadata.name": query.Name, "metadata.namespace": query.Namespace}
	if query.Spec.Target != nil {
		declared["spec.target.name"] = query.Spec.Target.Name
	}
	if !compiled.Matches(declared) {
		return false
	}
	selector, ok := compiled.(storage.ObjectSelector)
	if !ok {
		return true
	}
	matched := decide(t, selector, obj)
	if matched {
		meetsConditions(t, kind, selector, obj)
	}
	return matched
}

// meetsConditions makes sure that an index finds an object that matches, and where it is in an
// order.
func meetsConditions(t testing.TB, kind *fieldselector.Kind, selector storage.ObjectSelector, obj runtime.Object) {
	t.Helper()
	values := make(map[string]string)
	kind.EachValue(obj, func(path, value string) { values[path] = value })
	selector.EachCondition(func(path string, ranges ...[2]string) {
		value, present := values[path]
		if !present || !slices.ContainsFunc(ranges, func(r [2]string) bool { return value >= r[0] && value <= r[1] }) {
			t.Errorf("%s matches, but the value %q at %s is in none of %q", selector, value, path, ranges)
		}
	})
	words := kind.Words(obj)
	for _, word := range selector.SearchedWords() {
		if !slices.Contains(words, word) {
			t.Errorf("%s matches, but %q is none of the words %q", selector, word, words)
		}
	}
	if _, ordered := selector.Ordered(); !ordered {
		return
	}
	path, _ := selector.OrderedBy()
	value, present := selector.ValueAt(selector.Position(obj))
	if want, has := values[path]; value != want || present != has {
		t.Errorf("%s: the value at the position is %q (%t), want %q (%t)", selector, value, present, want, has)
	}
}

func decide(t testing.TB, selector storage.ObjectSelector, obj runtime.Object) bool {
	t.Helper()
	matched, err := selector.MatchesObject(obj)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(obj)
	if err != nil {
		t.Fatal(err)
	}
	if matched && !selector.MayMatchStored(stored) {
		t.Errorf("%s: the stored form of an object that matches does not", selector)
	}
	return matched
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		selector       string
		ended, unknown bool
	}{
		{"status.phase=error", true, false},
		{"status.phase!=error", false, true},
		{"status.phase=", false, true},
		{"status.phase>=error", true, false},
		{"status.phase<=dome", false, false},
		{"status.phase^=err", true, false},
		{"status.phase~=ERROR", true, false},
		{"spec.target.type=agent", true, false},
		{"spec.target.type=", false, true},
		{"spec.target.type!=", true, false},
		{"spec.target.type!=agent", false, true},
		// numbers
		{"status.tokenUsage.promptTokens>=100", true, false},
		{"status.tokenUsage.promptTokens>=100.5", false, false},
		{"status.tokenUsage.promptTokens<=1e2", true, false},
		{"status.tokenUsage.promptTokens<=99.9999", false, false},
		{"status.tokenUsage.promptTokens=100.0", true, false},
		{"status.tokenUsage.promptTokens==1e2", true, false},
		{"status.tokenUsage.promptTokens>=-5", true, false},
		{"status.tokenUsage.totalTokens=9007199254740993", true, false},
		{"status.tokenUsage.totalTokens=9007199254740992", false, false},
		{"status.tokenUsage.totalTokens>=9007199254740994", false, false},
		{"status.tokenUsage.totalTokens<=9007199254740992", false, false},
		{"status.tokenUsage.totalTokens!=5", true, true},
		{"status.tokenUsage.totalTokens=", false, true},
		{"metadata.generation>=3,metadata.generation<=3", true, false},
		// durations, times, booleans
		{"spec.timeout=1m30s", true, false},
		{"status.duration>=90s,status.duration<=90000ms", true, false},
		{"status.duration>=91s", false, false},
		{"metadata.creationTimestamp<=2026-10-01T00:00:00Z", true, false},
		{"metadata.creationTimestamp>=2026-10-01T02:00:00+02:00", true, false},
		{"metadata.creationTimestamp<=2026-09-30T23:59:59.9Z", false, false},
		{"spec.cancel=true", true, false},
		{"spec.cancel!=true", false, true},
		{"spec.cancel=false", false, false},
		// text
		{"text~=connection timeout", true, false},
		{"text~=timeout connection", true, false},
		{"text~=connect", false, false},
		{"text~=NAÏVE ünïcode!", true, false},
		{"text~=parrot 100", true, false},
		{"text~=role", false, false},
		{"text~=unknown", false, true},
		{"status.response.content~=that sure", true, false},
		{`status.response.content^=100%`, true, false},
		{`status.response.content=100% sure_ of 'that'`, true, false},
		{`status.response.content=100_ sure% of 'that'`, false, false},
		// expressions
		{"filter=object.status.phase \\=\\= \"error\" && object.spec.target.name in [\"a\"\\, \"parrot\"]", true, false},
		{"filter=!has(object.status) || !has(object.status.phase)", false, true},
		{"filter=object.spec.input.exists(m\\, m.content.contains(\"lost\"))", true, false},
		{"filter=duration(object.status.duration) > duration(\"1m\")", true, false},
		{"filter=timestamp(object.metadata.creationTimestamp) < timestamp(\"2026-11-01T00:00:00Z\")", true, false},
		{"filter=object.status.tokenUsage.totalTokens % 2 \\=\\= 1", true, false},
		{"filter=object.hasWords(\"connection LOST\")", true, false},
		{"filter=object.metadata.name.startsWith(\"u\")", false, true},
		{"filter=object.metadata.name !\\= \"\",status.phase=error", true, false},
		{"filter=object.status.?phase.orValue(\"none\") \\=\\= \"none\"", false, true},
		{"filter=object.?status.?phase.or(object.?metadata.?name).value() \\=\\= \"unknown\"", false, true},
		{"filter=object.metadata.name.upperAscii().find(\"E[A-Z]+\") \\=\\= \"ENDED\"", true, false},
		{"filter=object.status.tokenUsage.promptTokens < 100.5 && quantity(\"1Gi\").isGreaterThan(quantity(\"1Mi\"))", true, false},
		// places in an order say nothing of what matches
		{"orderBy=-status.duration,first=20", true, true},
	} {
		if got := matches(t, queries, test.selector, ended()); got != test.ended {
			t.Errorf("%s: %t for the query that has ended", test.selector, got)
		}
		if got := matches(t, queries, test.selector, unknown()); got != test.unknown {
			t.Errorf("%s: %t for the unknown query", test.selector, got)
		}
	}
}

func TestRefused(t *testing.T) {
	long := "filter=" + strings.Repeat(" ", 4096) + "true"
	for text, want := range map[string]string{
		"status.phse=error":                      "field label not supported: status.phse: known are text, filter, orderBy, first, metadata.creationTimestamp,",
		"metadata.resourceVersion=5":             "field label not supported: metadata.resourceVersion",
		"spec.input=x":                           "field label not supported: spec.input",
		"status.tokenUsage.totalTokens>=many":    "status.tokenUsage.totalTokens>=many: must be a number",
		"status.tokenUsage.totalTokens=NaN":      "must be a number",
		"status.tokenUsage.totalTokens=0x10":     "must be a number",
		"status.tokenUsage.totalTokens=1e999":    "must be a number between",
		"status.tokenUsage.totalTokens^=1":       "the number status.tokenUsage.totalTokens can't be compared with ^=: supported are =, !=, >=, <=",
		"status.tokenUsage.totalTokens>=":        "must be a number",
		"spec.cancel=yes":                        "must be true or false",
		"spec.cancel>=true":                      "can't be compared with >=",
		"metadata.creationTimestamp>=yesterday":  "must be a time such as 2006-01-02T15:04:05Z",
		"status.duration>=5":                     "must be a duration such as",
		"status.phase>!=error":                   "operator not supported",
		"status.response.content~=%%%":           "must have a word",
		"text~=":                                 "must have a word",
		"orderBy=metadata.name,first=+5":         "first=+5: must be a number from 1 to 500",
		"filter=lists.range(1000000000) !\\= []": "is too costly",
		"filter=" + strings.Repeat("(", 1000) + "true" + strings.Repeat(")", 1000): "filter: expression recursion limit exceeded",
		"text=error":                                         "must be text~=",
		"text!=error":                                        "operator not supported",
		"filter!=true":                                       "operator not supported",
		"filter>=true":                                       "must be filter=",
		"filter=object.status.phse \\=\\= \"x\"":             "filter: line 1, column 14: undefined field 'phse'",
		"filter=object.status.phase \\=\\= 5":                "line 1, column 21: found no matching overload",
		"filter=object.status.phase":                         "must be true or false, is of type string",
		"filter=object.spec.input":                           "must be true or false, is of type dyn",
		"filter=object.kind \\=\\= \"Query\"":                "undefined field 'kind'",
		"filter=object.apiVersion !\\= \"\"":                 "undefined field 'apiVersion'",
		"filter=object.metadata.resourceVersion !\\= \"\"":   "undefined field 'resourceVersion'",
		"filter=(":                                           "line 1, column 2: Syntax error",
		"filter=":                                            "Syntax error",
		"filter=now() > timestamp(\"2026-01-01T00:00:00Z\")": "undeclared reference to 'now'",
		"filter=object.spec.overrides.all(a\\, object.spec.overrides.all(b\\, object.spec.overrides.all(c\\, a \\=\\= b && b \\=\\= c)))": "is too costly: loops within loops",
		long: "must have at most 4096 bytes",
		strings.Repeat("filter=true,", 1024) + "filter=true": "must have at most 4096 bytes",
		"text~=" + strings.Repeat("word ", 1001):             "at most 1000 comparisons and words are supported",
		strings.Repeat("status.duration>=1s,", 1001):         "at most 1000 comparisons and words are supported",
		"orderBy=status.phase,first=5,first=6":               "first: must be given once",
		"orderBy=spec.input":                                 "orderBy=spec.input: field label not supported",
		"orderBy=-":                                          "field label not supported",
		"orderBy=status.phase,first=0":                       "first=0: must be a number from 1 to 500",
		"orderBy=status.phase,first=501":                     "must be a number from 1 to 500",
		"first=10":                                           "first needs orderBy",
		"orderBy=status.phase,orderBy=status.jobId":          "must be given once",
		"orderBy!=status.phase":                              "operator not supported",
	} {
		parsed, err := fields.ParseSelector(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = queries.Compile(t.Context(), parsed)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.100s: got %v, want %q", text, err, want)
		}
	}
}

// TestUnseen: an object is the same to all selectors, whether it was decoded with its kind, and
// whichever revision it carries.
func TestUnseen(t *testing.T) {
	bare := ended()
	full := ended()
	full.APIVersion, full.Kind, full.ResourceVersion = "ark.ai/v1alpha1", "Query", "4711"
	for _, selector := range []string{
		`filter=has(dyn(object).kind)`, `filter=has(dyn(object).apiVersion)`, `filter=has(dyn(object).metadata.resourceVersion)`,
		`filter=dyn(object).exists(key, key in ["kind"\, "apiVersion"])`, `filter=dyn(object.metadata).exists(key, key \=\= "resourceVersion")`,
		`filter=object.hasWords("query")`, `filter=object.hasWords("v1alpha1")`, `filter=object.hasWords("4711")`, `filter=object.metadata.hasWords("4711")`,
	} {
		selector = strings.ReplaceAll(selector, "(key, ", `(key\, `)
		for _, query := range []*v1alpha1.Query{bare, full} {
			if matches(t, queries, selector, query) {
				t.Errorf("%s is true of %s", selector, query.Kind)
			}
		}
	}
	if !matches(t, queries, `filter=object.hasWords("ended timeout")`, full) {
		t.Error("words of the name and the spec are not found")
	}
}

// TestFoldedWords: words are found whatever their case, and however accents are encoded.
func TestFoldedWords(t *testing.T) {
	for text, wanted := range map[string]string{
		"Οδος": "ΟΔΟΣ", "ΟΔΟΣ": "οδος", "ΟΔΌΣ": "οδός",
		"cafe\u0301": "CAF\u00c9", "Caf\u00e9": "cafe\u0301", "\u1112\u1161\u11ab\u1100\u1173\u11af": "\ud55c\uae00",
		"\u0399\u0308\u0301": "\u0390", "\u212aelvin": "kelvin", "STRASSE": "strasse",
	} {
		query := ended()
		query.Status.Response.Content = ptr.To("a " + text + ", indeed")
		for _, selector := range []string{"text~=", "status.response.content~="} {
			if !matches(t, queries, selector+wanted, query) {
				t.Errorf("%s%s does not find %s", selector, wanted, text)
			}
		}
		if !matches(t, queries, `filter=object.status.hasWords("`+wanted+`")`, query) {
			t.Errorf("the function does not find %s in %s", wanted, text)
		}
	}
	query := ended()
	query.Status.Response.Content = ptr.To("cafe\u0301")
	if matches(t, queries, "text~=cafe", query) {
		t.Error("a letter with an accent is one without")
	}
}

// Words in large values are as costly to look for as the values are large.
func TestCostOfWords(t *testing.T) {
	numbers := "[" + strings.TrimSuffix(strings.Repeat("1,", 600), ",") + "]"
	for _, expression := range []string{
		numbers + ".all(a, " + numbers + ".all(b, !object.spec.input.hasWords('zz')))",
		numbers + ".all(a, " + numbers + ".all(b, !object.hasWords('zz')))",
		numbers + ".all(a, " + numbers + ".all(b, !'zz'.hasWords(object.spec.input[0].content)))",
	} {
		compiled, err := queries.Compile(t.Context(), fields.OneTermEqualSelector("filter", expression))
		if err != nil {
			t.Fatal(err)
		}
		query := ended()
		query.Spec.Input.Raw = `[{"content":"` + strings.Repeat("word ", 60_000) + `"}]`
		if _, err := compiled.(storage.ObjectSelector).MatchesObject(query); err == nil || !strings.Contains(err.Error(), "is too costly for the object team/ended") {
			t.Errorf("%.20s: got %v", expression[len(expression)-60:], err)
		}
	}
}

// What has no loops costs little, but of large values.
func TestCostWithoutLoops(t *testing.T) {
	once := `object.spec.input.matches("(x+x+)+y")`
	for expression, costly := range map[string]bool{once: false, once + strings.Repeat(" || "+once, 50): true} {
		compiled, err := queries.Compile(t.Context(), fields.OneTermEqualSelector("filter", expression))
		if err != nil {
			t.Fatal(err)
		}
		query := ended()
		query.Spec.Input.Raw = `"` + strings.Repeat("x", 200_000) + `"`
		if _, err := compiled.(storage.ObjectSelector).MatchesObject(query); costly != (err != nil && strings.Contains(err.Error(), "is too costly for the object team/ended")) {
			t.Errorf("%.40s: got %v", expression, err)
		}
	}
}

// Values are as costly to compare as they are large, but are estimated by their number of keys.
func TestTimeOfComparisons(t *testing.T) {
	numbers := "[" + strings.TrimSuffix(strings.Repeat("1,", 600), ",") + "]"
	compiled, err := queries.Compile(t.Context(), fields.OneTermEqualSelector("filter", numbers+".all(a, "+numbers+".all(b, object.spec.input[0] == object.spec.input[1]))"))
	if err != nil {
		t.Fatal(err)
	}
	query, many := ended(), "["+strings.Repeat(`"a",`, 100_000)+"1]"
	query.Spec.Input.Raw = `[{"a":` + many + `},{"a":` + many + `}]`
	if _, err := compiled.(storage.ObjectSelector).MatchesObject(query); err == nil || !strings.Contains(err.Error(), "is too costly for the object team/ended") {
		t.Errorf("got %v", err)
	}
}

// Declared fields alone are left to the watch cache.
func TestPlainSelectors(t *testing.T) {
	for _, text := range []string{"", "status.phase=error", "metadata.name=a,status.phase!=done"} {
		parsed := fields.ParseSelectorOrDie(text)
		if compiled, err := queries.Compile(t.Context(), parsed); err != nil || compiled.String() != text {
			t.Errorf("%s: became %T, %v", text, compiled, err)
		} else if _, ok := compiled.(storage.ObjectSelector); ok {
			t.Errorf("%s: looks at objects", text)
		}
	}
}

// Programs write expressions as the value of one term, and caches ask what a selector requires.
func TestOneTerm(t *testing.T) {
	expression := `object.status.phase == "error" && object.spec.target.name in ["a", "parrot"]`
	if text := fields.OneTermEqualSelector("filter", expression).String(); !matches(t, queries, text, ended()) {
		t.Errorf("%s does not match", text)
	}
	compiled, err := queries.Compile(t.Context(), fields.ParseSelectorOrDie("metadata.name=ended,status.duration>=1s,status.phase!=done"))
	if err != nil {
		t.Fatal(err)
	}
	if name, ok := compiled.RequiresExactMatch("metadata.name"); !ok || name != "ended" {
		t.Errorf("got the name %q, %t", name, ok)
	}
	if text := compiled.Requirements(); len(text) != 2 {
		t.Errorf("the database is asked for %v", text)
	}
	if text := compiled.DeepCopySelector().String(); text != "metadata.name=ended,status.duration>=1s,status.phase!=done" {
		t.Errorf("its text is %s", text)
	}
}

func TestPositions(t *testing.T) {
	position := func(order string, change func(*v1alpha1.Query)) string {
		compiled, err := queries.Compile(t.Context(), fields.ParseSelectorOrDie("orderBy="+order))
		if err != nil {
			t.Fatal(err)
		}
		query := unknown()
		change(query)
		return compiled.(storage.ObjectSelector).Position(query)
	}
	for field, ascending := range map[string][]func(*v1alpha1.Query){
		"status.tokenUsage.totalTokens": ofEach(func(q *v1alpha1.Query, n int64) { q.Status.TokenUsage.TotalTokens = &n },
			-1<<63, -9007199254740993, -9007199254740992, -2, -1, 0, 1, 2, 1<<53, 1<<53+1, 1<<53+2, 1<<62+1, 1<<63-2, 1<<63-1),
		"status.duration":            ofEach(func(q *v1alpha1.Query, d v1alpha1.Duration) { q.Status.Duration = d }, "-5m", "0", "1ns", "999ms", "59s", "1m", "1h"),
		"status.jobId":               ofEach(func(q *v1alpha1.Query, s string) { q.Status.JobID = s }, "\x00", "\x00\x00", "a", "a\x00", "a\x00b", "aa", "ab", "ä", "\U0010ffff"),
		"metadata.creationTimestamp": ofEach(func(q *v1alpha1.Query, s int64) { q.CreationTimestamp = metav1.NewTime(time.Unix(s, 0)) }, -1<<40, -1, 0, 1, 1<<40),
		"spec.cancel":                ofEach(func(q *v1alpha1.Query, b bool) { q.Spec.Cancel = &b }, false, true),
	} {
		ascending = append(ascending, func(*v1alpha1.Query) {})
		for i := range ascending[1:] {
			if a, b := position(field, ascending[i]), position(field, ascending[i+1]); a >= b {
				t.Errorf("%s: %d is not before %d", field, i, i+1)
			}
			a, b := position("-"+field, ascending[i]), position("-"+field, ascending[i+1])
			if last := i+1 == len(ascending)-1; last != (a < b) {
				t.Errorf("-%s: the order of %d and %d is wrong", field, i, i+1)
			}
		}
	}
}

func ofEach[T any](set func(*v1alpha1.Query, T), values ...T) []func(*v1alpha1.Query) {
	var changes []func(*v1alpha1.Query)
	for _, value := range values {
		changes = append(changes, func(q *v1alpha1.Query) { set(q, value) })
	}
	return changes
}

// Kinds whose types are not settled have the fields that their schemas describe.
func TestOpenKinds(t *testing.T) {
	request := &v1alpha1.ToolApprovalRequest{}
	if err := json.Unmarshal([]byte(`{"metadata":{"name":"a"},"spec":{"onTimeout":"proceed","onTimeout":"reject","queryRef":{"name":"one"},"unknown":1},"status":{"phase":"pending"}}`), request); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"spec.onTimeout^=rej":       true,
		"spec.queryRef.name~=other": false,
		"status.phase>=p":           true,
		"text~=pending REJECT":      true,
		`filter=object.spec.unknown \=\= 1 && object.status.phase \=\= "pending"`: true,
	} {
		compiled, err := requests.Compile(t.Context(), fields.ParseSelectorOrDie(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := decide(t, compiled.(storage.ObjectSelector), request); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func FuzzSelector(f *testing.F) {
	for _, seed := range []string{"status.phase=error", "status.duration>=5m", "text~=a b", "filter=object.status.phase \\=\\= \"x\"", "orderBy=-status.duration,first=5", "metadata.generation<=1e3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := fields.ParseSelector(text)
		if err != nil {
			return
		}
		compiled, err := queries.Compile(t.Context(), parsed)
		if err != nil {
			return
		}
		if selector, ok := compiled.(storage.ObjectSelector); ok {
			matches(t, queries, compiled.String(), ended())
			matches(t, queries, compiled.String(), unknown())
			if _, ordered := selector.Ordered(); ordered {
				_ = selector.Position(ended())
			}
		}
		again, err := fields.ParseSelector(compiled.String())
		if err != nil {
			t.Fatalf("%q became %q: %v", text, compiled, err)
		}
		if _, err := queries.Compile(t.Context(), again); err != nil {
			t.Fatalf("%q became %q: %v", text, compiled, err)
		}
	})
}

// TestConversions: what an expression says of a text as a duration or time, or across the limits of
// floats, is nothing that the text or number itself can be looked up by.
func TestConversions(t *testing.T) {
	kind := kindOf(func() runtime.Object { return &v1alpha1.Tool{} })
	tool := &v1alpha1.Tool{}
	if err := json.Unmarshal([]byte(`{"metadata":{"name":"a"},"spec":{"http":{"timeout":"2m","url":"http://x"}}}`), tool); err != nil {
		t.Fatal(err)
	}
	for _, expression := range []string{
		`duration(object.spec.http.timeout) >= duration("90s")`,
		`duration(object.spec.http.timeout) == duration("120s")`,
		`duration("120s") == duration(object.spec.http.timeout)`,
		`duration(object.spec.http.timeout) in [duration("120s")]`,
	} {
		decides(t, kind, expression, tool)
	}
	query := ended()
	query.Status.TokenUsage.TotalTokens = new(int64(9007199254740993))
	decides(t, queries, `object.status.tokenUsage.totalTokens <= 9007199254740992.0`, query)
}

// TestTextsOfTypes: texts that stand for durations and times are compared as such.
func TestTextsOfTypes(t *testing.T) {
	for _, test := range []struct {
		object         runtime.Object
		text, selector string
		want           bool
	}{
		{&v1alpha1.Tool{}, `{"spec":{"http":{"timeout":"90"}}}`, "spec.http.timeout>=1m", true},
		{&v1alpha1.Tool{}, `{"spec":{"http":{"timeout":"90"}}}`, "spec.http.timeout=1m30s", true},
		{&v1alpha1.Tool{}, `{"spec":{"http":{"timeout":"2m"}}}`, "spec.http.timeout<=90s", false},
		{&v1alpha1.MCPServer{}, `{"spec":{"toolCallTimeout":"90s","timeout":"10m"}}`, "spec.toolCallTimeout>=2m", false},
		{&v1alpha1.MCPServer{}, `{"spec":{"toolCallTimeout":"90s","timeout":"10m"}}`, "spec.toolCallTimeout<=2m,spec.timeout>=9m", true},
		{&v1alpha1.MCPServer{}, `{"spec":{"timeout":"long"}}`, "spec.timeout>=1s", false},
		{&v1alpha1.Workspace{}, `{"spec":{"ttl":"100h"}}`, "spec.ttl>=99h", true},
		{&v1alpha1.A2ATask{}, `{"status":{"lastStatusTimestamp":"2026-11-01T01:00:00+02:00"}}`, "status.lastStatusTimestamp<=2026-10-31T23:30:00Z", true},
	} {
		if err := json.Unmarshal([]byte(test.text), test.object); err != nil {
			t.Fatal(err)
		}
		kind := kindOf(func() runtime.Object {
			return reflect.New(reflect.TypeOf(test.object).Elem()).Interface().(runtime.Object)
		})
		selector := compile(t, kind, test.selector).(storage.ObjectSelector)
		if got := decide(t, selector, test.object); got != test.want {
			t.Errorf("%s of %s: %t", test.selector, test.text, got)
		} else if got {
			meetsConditions(t, kind, selector, test.object)
		}
	}
}

// decides makes sure that an expression is true of an object, and that nobody rules it out.
func decides(t *testing.T, kind *fieldselector.Kind, expression string, obj runtime.Object) {
	t.Helper()
	compiled, err := kind.Compile(t.Context(), fields.OneTermEqualSelector("filter", expression))
	if err != nil {
		t.Fatal(err)
	}
	selector := compiled.(storage.ObjectSelector)
	if !decide(t, selector, obj) {
		t.Errorf("%s is not true", expression)
	}
	meetsConditions(t, kind, selector, obj)
}

// BenchmarkMatchesObject is what each watch pays for each change, twice.
func BenchmarkMatchesObject(b *testing.B) {
	query := ended()
	for _, selector := range []string{
		"status.tokenUsage.promptTokens>=1000",
		"text~=nothing",
		`filter=object.status.tokenUsage.promptTokens >\= 1000 && object.spec.target.name in ["parrot"\, "owl"]`,
		`filter=object.status.tokenUsage.promptTokens >\= 10 && object.spec.target.name in ["parrot"\, "owl"]`,
		`filter=object.metadata.name.size() > 100`,
		`filter=object.spec.input.matches("(w1+)+x") || object.hasWords("nothing of the kind")`,
	} {
		b.Run(selector, func(b *testing.B) {
			compiled := compile(b, queries, selector).(storage.ObjectSelector)
			for b.Loop() {
				if _, err := compiled.MatchesObject(query); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
