package server

import (
	"context"
	"testing"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/util/flowcontrol"
)

var getQuery = cost{verb: "get", group: "ark.ai", resource: "queries"}

func newFairness() *fairness {
	return &fairness{users: 3, accounts: 5, flows: map[string]*flow{}, costs: map[cost]int64{}}
}

// taken is how many requests a user gets at once.
func taken(t *testing.T, f *fairness, name string, of cost) int {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for n := 0; ; n++ {
		release, ok := f.acquire(ended, name, of)
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
		if got := taken(t, f, name, getQuery); got != want {
			t.Errorf("%s has %d, want %d", name, got, want)
		}
	}
}

func TestExpensiveRequestsCount(t *testing.T) {
	t.Parallel()
	f := newFairness()
	list := cost{verb: "list", group: "ark.ai", resource: "queries"}
	f.learn(list, 2)
	if got := taken(t, f, "jane", list); got != 1 {
		t.Errorf("%d lists at once", got)
	}
	f.learn(list, 100)
	if got := taken(t, f, "joe", list); got != 1 {
		t.Errorf("%d lists at once that want more than there is", got)
	}
	f.learn(list, 1)
	if got := taken(t, f, "jim", list); got != 3 {
		t.Errorf("%d lists at once after they became cheap", got)
	}
}

func TestWhoWaitsGetsASeatThatIsFree(t *testing.T) {
	t.Parallel()
	f := newFairness()
	f.users = 1
	first, _ := f.acquire(t.Context(), "jane", getQuery)
	waited := make(chan bool)
	go func() {
		release, ok := f.acquire(t.Context(), "jane", getQuery)
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
	release, _ := f.acquire(t.Context(), "jane", getQuery)
	defer release()
	f.flows["jane"].waiting = maxWaiting
	for range f.users - 1 {
		release, ok := f.acquire(t.Context(), "jane", getQuery)
		defer release()
		if !ok {
			t.Error("a seat that is free is refused")
		}
	}
	if _, ok := f.acquire(t.Context(), "jane", getQuery); ok {
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
