package fairness

import (
	"context"
	"net/http"
	"testing"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/util/flowcontrol"
)

func newFairness() *fairness {
	return &fairness{users: 3, accounts: 5, wide: 2, flows: map[string]*flow{}, costs: map[cost]int64{}}
}

// taken is how many requests a user gets at once.
func taken(t *testing.T, f *fairness, name string, seats int64) int {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for n := 0; ; n++ {
		release, ok := f.acquire(ended, name, seats)
		t.Cleanup(release)
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

// TestWhatARequestTakes: what its kind was estimated to take last, and what its body does.
func TestWhatARequestTakes(t *testing.T) {
	t.Parallel()
	f := newFairness()
	list := cost{verb: "list", group: "ark.ai", resource: "queries"}
	for _, seats := range []int64{1, 7, 1} {
		f.learn(list, seats)
		if got := f.costOf(list); got != seats {
			t.Errorf("a list takes %d after %d", got, seats)
		}
	}
	for length, want := range map[int64]int64{0: 0, 1: 1, 100_000: 1, 100_001: 2, 3 << 20: 32, -1: seatsOfAProcessor} {
		var got int64
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.ContentLength = length
		noteLength(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = seatsOfBody(r.Context()) })).ServeHTTP(nil, request)
		if got != want {
			t.Errorf("a body of %d bytes takes %d, want %d", length, got, want)
		}
	}
}

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
		release()
		waited <- ok
	}()
	first()
	if !<-waited {
		t.Error("it was refused")
	}
	if len(f.flows) > 0 || len(f.costs) > 0 {
		t.Errorf("left: %+v", f)
	}
}

func TestOnlySoManyWait(t *testing.T) {
	t.Parallel()
	f := newFairness()
	release, _ := f.acquire(t.Context(), "jane", 1)
	defer release()
	f.flows["jane"].waiting = maxWaiting
	for range f.users - 1 {
		release, ok := f.acquire(t.Context(), "jane", 1)
		defer release()
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
