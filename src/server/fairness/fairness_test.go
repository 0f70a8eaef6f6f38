package fairness

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/util/flowcontrol"
	fairqueuing "k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing"
	fairqueuingrequest "k8s.io/apiserver/pkg/util/flowcontrol/request"

	"ark.ai/apiserver/src/turns"
)

func newFairness() *fairness {
	return &fairness{users: 3, accounts: 5, wide: 2, flows: map[string]*flow{}, turns: turns.New(func() int { return 1 })}
}

// taken is how many requests a user gets at once.
func taken(t *testing.T, f *fairness, name string, seats int64) int {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for n := 0; ; n++ {
		release, ok := f.acquire(ended, name, seats)
		t.Cleanup(func() { release(0) })
		if !ok {
			return n
		}
	}
}

func TestAUserHasAShare(t *testing.T) {
	t.Parallel()
	f := newFairness()
	for name, want := range map[string]int{"jane": 3, "joe": 3, "system:serviceaccount:default:robot": 5} {
		if got := taken(t, f, name, 1); got != want {
			t.Errorf("%s has %d, want %d", name, got, want)
		}
	}
}

func TestWideRequestsHaveLess(t *testing.T) {
	t.Parallel()
	f := newFairness()
	if got := taken(t, f, "jane", 2); got != 1 {
		t.Errorf("%d requests with two seats at once", got)
	}
	if got := taken(t, f, "jane", 1); got != 1 {
		t.Errorf("%d others beside them, want the last seat for one", got)
	}
	if got := taken(t, f, "joe", 100); got != 1 {
		t.Errorf("%d requests at once that want more than there is", got)
	}
}

// TestWhatARequestTakes: a list what there is of the resource, others what their bodies do.
func TestWhatARequestTakes(t *testing.T) {
	t.Parallel()
	f := newFairness()
	tracker := fairqueuingrequest.NewStorageObjectCountTracker()
	tracker.Set("queries.ark.ai", storage.Stats{ObjectCount: 100, EstimatedAverageObjectSizeBytes: 5000})
	f.estimate = newEstimator(&genericapiserver.Config{StorageObjectCountTracker: tracker, FlowControl: unwatched{}})
	for _, test := range []struct {
		verb, resource string
		length, want   int64
	}{
		{"list", "queries", 0, 5},
		{"watch", "queries", 0, 5},
		{"list", "agents", 0, 1},
		{"get", "queries", 0, 1},
		{"create", "queries", 100_000, 1},
		{"create", "queries", 100_001, 2},
		{"patch", "queries", 3 << 20, 32},
		{"update", "queries", -1, seatsOfAProcessor},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/?resourceVersion=0", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = test.length
		info := &request.RequestInfo{IsResourceRequest: true, Verb: test.verb, APIGroup: "ark.ai", Resource: test.resource}
		r = r.WithContext(request.WithRequestInfo(r.Context(), info))
		var got int64
		noteRequest(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = f.seats(r.Context(), r.Context().Value(requestKey{}).(*noted), info)
		})).ServeHTTP(nil, r)
		if got != test.want {
			t.Errorf("%s of %s with a body of %d bytes takes %d, want %d", test.verb, test.resource, test.length, got, test.want)
		}
	}
}

// unwatched is priority and fairness without any watch.
type unwatched struct{ flowcontrol.Interface }

func (unwatched) GetInterestedWatchCount(*request.RequestInfo) int { return 0 }

func TestSeatsOfHalfTheProcessors(t *testing.T) {
	t.Parallel()
	for processors, want := range map[int]int64{1: 10, 2: 10, 3: 10, 4: 20, 64: 320} {
		if got := wideSeats(processors); got != want {
			t.Errorf("%d processors: %d, want %d", processors, got, want)
		}
	}
}

func TestWhoWaitsGetsASeatThatIsFree(t *testing.T) {
	t.Parallel()
	f := newFairness()
	f.users = 1
	first, _ := f.acquire(t.Context(), "jane", 1)
	waited := make(chan bool)
	go func() {
		release, ok := f.acquire(t.Context(), "jane", 1)
		release(0)
		waited <- ok
	}()
	first(0)
	if !<-waited {
		t.Error("it was refused")
	}
	if len(f.flows) > 0 {
		t.Errorf("left: %+v", f)
	}
}

func TestOnlySoManyWait(t *testing.T) {
	t.Parallel()
	f := newFairness()
	release, _ := f.acquire(t.Context(), "jane", 1)
	defer release(0)
	f.flows["jane"].waiting = maxWaiting
	for range f.users - 1 {
		release, ok := f.acquire(t.Context(), "jane", 1)
		defer release(0)
		if !ok {
			t.Error("a seat that is free is refused")
		}
	}
	if _, ok := f.acquire(t.Context(), "jane", 1); ok {
		t.Error("more than its share")
	}
}

func TestProbesAndAdministratorsAreNotLimited(t *testing.T) {
	t.Parallel()
	resource := &request.RequestInfo{IsResourceRequest: true}
	for name, test := range map[string]struct {
		info *request.RequestInfo
		user user.DefaultInfo
		want bool
	}{
		"a user":           {resource, user.DefaultInfo{Name: "jane"}, true},
		"an administrator": {resource, user.DefaultInfo{Name: "admin", Groups: []string{user.SystemPrivilegedGroup}}, false},
		"a probe":          {&request.RequestInfo{}, user.DefaultInfo{Name: user.Anonymous}, false},
	} {
		if got := limited(flowcontrol.RequestDigest{RequestInfo: test.info, User: &test.user}); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// Of 600, which is the default, upstream gives 49 to users and 245 to service accounts.
func TestSharesAreHalfOfWhatLevelsHave(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]int64{"global-default": 24, "workload-low": 122, "no-such-level": 1} {
		if got := shareOf(600, level); got != want {
			t.Errorf("%s: %d, want %d", level, got, want)
		}
	}
}

// TestWhoGetsNoSeatIsNotServed: not by upstream either, which may have one.
func TestWhoGetsNoSeatIsNotServed(t *testing.T) {
	t.Parallel()
	f := newFairness()
	f.Interface = generous{}
	jane := flowcontrol.RequestDigest{RequestInfo: &request.RequestInfo{IsResourceRequest: true}, User: &user.DefaultInfo{Name: "jane"}}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	served := 0
	f.Handle(ended, jane, nil, nil, nil, func() { served++ })
	taken(t, f, "jane", 1)
	f.Handle(ended, jane, nil, nil, nil, func() { served++ })
	if served != 1 {
		t.Errorf("%d requests were served, want the one that had a seat", served)
	}
}

// generous has a seat for everybody.
type generous struct{ flowcontrol.Interface }

func (generous) Handle(
	_ context.Context, _ flowcontrol.RequestDigest, _ func(*flowcontrolv1.FlowSchema, *flowcontrolv1.PriorityLevelConfiguration, string),
	_ func() fairqueuingrequest.WorkEstimate, _ fairqueuing.QueueNoteFn, execute func(),
) {
	execute()
}

// TestWideRequestsMakeWay: while there are short ones, the user's next one begins later. A machine
// that stops for a moment has those run out.
func TestWideRequestsMakeWay(t *testing.T) {
	t.Parallel()
	f := newFairness()
	f.turns.MakeWay(t.Context(), turns.Request, longest) // the burst
	for range 100 {
		end := f.turns.Precede()
		release, _ := f.acquire(t.Context(), "jane", 2)
		ended := time.Now()
		release(shortest)
		release, ok := f.acquire(t.Context(), "jane", 2)
		waited := time.Since(ended)
		release(0)
		end()
		if !ok {
			t.Fatal("it never begins")
		}
		if waited > shortest {
			return
		}
	}
	t.Error("it began at once")
}

// TestWideRequestsKeepNoSeat while they make way: the user's others have them at once.
func TestWideRequestsKeepNoSeat(t *testing.T) {
	t.Parallel()
	f := newFairness()
	f.turns.MakeWay(t.Context(), turns.Request, longest) // the burst
	defer f.turns.Precede()()
	release, _ := f.acquire(t.Context(), "jane", f.users)
	release(shortest)
	if got := taken(t, f, "jane", 1); got != int(f.users) {
		t.Errorf("%d of %d seats are free", got, f.users)
	}
}

// TestWideRequestsArePaced: short ones come before they read and write more. Watches don't end. A
// machine that stops for a moment is no failure.
func TestWideRequestsArePaced(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		verb   string
		length int64
		want   bool
	}{
		{"create", bytesPerSeat + 1, true},
		{"create", bytesPerSeat, false},
		{"watch", 0, false},
	} {
		waits := func() bool {
			return stepsTake(t, test.verb, test.length) >= stepLasts
		}
		if !slices.Contains([]bool{waits(), waits(), waits(), waits(), waits()}, test.want) {
			t.Errorf("%s with a body of %d bytes waits: %t", test.verb, test.length, !test.want)
		}
	}
}

// stepLasts is for how long something precedes each step.
const stepLasts = 10 * time.Millisecond

// stepsTake is how long a request takes that reads and writes once.
func stepsTake(t *testing.T, verb string, length int64) (took time.Duration) {
	t.Helper()
	f := newFairness()
	f.Interface = generous{}
	f.estimate = func(*http.Request, string, string) fairqueuingrequest.WorkEstimate {
		return fairqueuingrequest.WorkEstimate{InitialSeats: 10}
	}
	timed := func(step func([]byte) (int, error)) {
		time.Sleep(stepLasts)
		end := f.turns.Precede()
		defer end()
		time.AfterFunc(stepLasts, end)
		began := time.Now()
		if _, err := step(nil); err != nil {
			t.Error(err)
		}
		took += time.Since(began)
	}
	inner := pace(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timed(r.Body.Read)
		timed(w.Write)
	}))
	info := &request.RequestInfo{IsResourceRequest: true, Verb: verb}
	outer := noteRequest(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		digest := flowcontrol.RequestDigest{RequestInfo: info, User: &user.DefaultInfo{Name: "jane"}}
		f.Handle(r.Context(), digest, nil, nil, nil, func() { inner.ServeHTTP(w, r) })
	}))
	r := httptest.NewRequestWithContext(request.WithRequestInfo(t.Context(), info), http.MethodPost, "/", strings.NewReader("body"))
	r.ContentLength = length
	outer.ServeHTTP(httptest.NewRecorder(), r)
	return took
}

// TestShort are requests that what takes long makes way for.
func TestShort(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		verb, selector string
		want           bool
	}{
		{"get", "metadata.name=parrot", true},
		{"patch", "", true},
		{"list", "", true},
		{"list", "text~=parrot", false},
		{"watch", "", false},
		{"deletecollection", "", false},
	} {
		if got := isShort(&request.RequestInfo{IsResourceRequest: true, Verb: test.verb, FieldSelector: test.selector}); got != test.want {
			t.Errorf("%s of %q: %t", test.verb, test.selector, got)
		}
	}
	if isShort(&request.RequestInfo{Verb: "get"}) {
		t.Error("what is no resource is short")
	}
}
