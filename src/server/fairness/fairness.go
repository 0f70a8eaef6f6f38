// Package fairness limits how much of a server one user may use, beside upstream's priority and
// fairness.
package fairness

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	"k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap"
	"k8s.io/apiserver/pkg/authentication/serviceaccount"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/flowcontrol"
	fairqueuing "k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing"
	fairqueuingrequest "k8s.io/apiserver/pkg/util/flowcontrol/request"

	"ark.ai/apiserver/src/turns"
)

// Configure keeps any one user from having all requests of a priority level, or all processors.
// Priority and fairness chooses fairly among those that wait, but ends none that is served, and
// that may last a minute: a body that comes slowly, an answer that nobody reads, a webhook that
// hangs. So a user who has half of the seats that users have by default waits for one of them to be
// free; and of large lists and bodies, each of which keeps a processor busy, for those that half of
// the processors manage.
//
// What the kernel keeps of answers that nobody reads is bounded, too.
func Configure(config *genericapiserver.Config) {
	if config.SecureServing != nil {
		config.SecureServing.Listener = boundedListener{config.SecureServing.Listener}
	}
	if config.FlowControl == nil {
		return
	}
	build := config.BuildHandlerChainFunc
	config.BuildHandlerChainFunc = func(handler http.Handler, c *genericapiserver.Config) http.Handler {
		return noteRequest(build(pace(handler), c))
	}
	seats := config.MaxRequestsInFlight + config.MaxMutatingRequestsInFlight
	config.FlowControl = &fairness{
		Interface: config.FlowControl,
		users:     shareOf(seats, "global-default"),
		accounts:  shareOf(seats, "workload-low"),
		wide:      wideSeats(runtime.GOMAXPROCS(0)),
		flows:     map[string]*flow{},
		turns:     turns.Process,
		estimate:  newEstimator(config),
	}
}

// shareOf is half of what a priority level has, as upstream suggests it.
func shareOf(seats int, level string) int64 {
	var all, own int64
	for _, of := range slices.Concat(bootstrap.MandatoryPriorityLevelConfigurations, bootstrap.SuggestedPriorityLevelConfigurations) {
		if of.Spec.Limited == nil {
			continue
		}
		shares := int64(*of.Spec.Limited.NominalConcurrencyShares)
		all += shares
		if of.Name == level {
			own = shares
		}
	}
	return max(1, int64(seats)*own/all/2)
}

// seatsOfAProcessor are those of a request that keeps a processor busy: a list of a megabyte has as
// many.
const seatsOfAProcessor = 10

// wideSeats are those that the requests of one user with more than one seat may have together.
func wideSeats(processors int) int64 {
	return seatsOfAProcessor * int64(max(1, processors/2))
}

// longest is for how long a wide request has worked at most, where others' short requests come
// before the user's next one. It may have waited for its client.
const longest = time.Second

// shortest is for how long one has worked that was not as wide as estimated.
const shortest = 10 * time.Millisecond

// maxWaiting is for how many requests of a user may wait here: as many as in upstream's queues.
const maxWaiting = 300

type fairness struct {
	flowcontrol.Interface
	// users and accounts are how many seats a user and a service account may have.
	users, accounts int64
	// wide is how many of them requests may have that have more than one.
	wide int64
	// turns make way for short requests, and wide ones do.
	turns *turns.Turns
	// estimate is upstream's, of lists.
	estimate fairqueuingrequest.WorkEstimatorFunc

	mu sync.Mutex
	// flows are those of users with requests.
	flows map[string]*flow
}

// flow is what one user has.
type flow struct {
	seats, wide *semaphore.Weighted
	// requests are those that are served or wait.
	requests, waiting int
}

// Handle implements flowcontrol.Interface.
func (f *fairness) Handle(
	ctx context.Context, digest flowcontrol.RequestDigest,
	note func(*flowcontrolv1.FlowSchema, *flowcontrolv1.PriorityLevelConfiguration, string),
	estimate func() fairqueuingrequest.WorkEstimate, queueNote fairqueuing.QueueNoteFn, execute func(),
) {
	r, _ := ctx.Value(requestKey{}).(*noted)
	seats := f.seats(ctx, r, digest.RequestInfo)
	if seats > 1 {
		wide := execute
		execute = func() {
			r.pace = f.turns.NewPace()
			wide()
		}
	}
	if seats == 1 && isShort(digest.RequestInfo) {
		short := execute
		execute = func() {
			defer f.turns.Precede()()
			short()
		}
	}
	if !limited(digest) {
		f.Interface.Handle(ctx, digest, note, estimate, queueNote, execute)
		return
	}
	release, ok := f.acquire(ctx, digest.User.GetName(), seats)
	defer func() { release(r.worked()) }()
	if !ok {
		// It is told so with what it is classified as. Upstream would execute it, if it has a seat.
		over, cancel := context.WithCancel(ctx)
		cancel()
		ctx, execute = over, func() {}
	}
	f.Interface.Handle(ctx, digest, note, estimate, queueNote, execute)
}

// isShort reports whether what takes long makes way for a request, if that has one seat: if it is
// for one object, or a list that no field selector decides.
func isShort(info *request.RequestInfo) bool {
	return info.IsResourceRequest && (slices.Contains([]string{"get", "create", "update", "patch", "delete"}, info.Verb) ||
		info.Verb == "list" && info.FieldSelector == "")
}

// limited is not what probes and administrators do.
func limited(digest flowcontrol.RequestDigest) bool {
	return digest.RequestInfo.IsResourceRequest && !slices.Contains(digest.User.GetGroups(), user.SystemPrivilegedGroup)
}

// acquire waits for seats until ctx ends. What it returns gives them back, those of large requests
// when way has been made for as long as the request worked.
func (f *fairness) acquire(ctx context.Context, name string, seats int64) (release func(worked time.Duration), ok bool) {
	share := f.users
	if _, _, err := serviceaccount.SplitUsername(name); err == nil {
		share = f.accounts
	}
	seats = min(seats, share)
	var wide int64
	if seats > 1 {
		wide = min(seats, f.wide)
	}
	f.mu.Lock()
	own, found := f.flows[name]
	if !found {
		own = &flow{seats: semaphore.NewWeighted(share), wide: semaphore.NewWeighted(f.wide)}
		f.flows[name] = own
	}
	own.requests++
	if own.waiting >= maxWaiting {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		cancel() // only what is free is taken
	}
	own.waiting++
	f.mu.Unlock()

	ok = own.take(ctx, seats, wide)
	f.mu.Lock()
	own.waiting--
	f.mu.Unlock()
	leave := func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if own.requests--; own.requests == 0 {
			delete(f.flows, name)
		}
	}
	if !ok {
		return func(time.Duration) { leave() }, false
	}
	return func(worked time.Duration) {
		own.seats.Release(seats)
		giveBack := func() {
			own.wide.Release(wide)
			leave()
		}
		worked = min(worked, longest)
		if wide == 0 || worked < shortest {
			giveBack()
			return
		}
		go func() { // The answer need not wait, only the user's next request that is wide.
			f.turns.MakeWay(context.Background(), turns.Request, worked)
			giveBack()
		}()
	}, true
}

// take waits for seats until ctx ends; those that are free are taken even then.
func (own *flow) take(ctx context.Context, seats, wide int64) bool {
	if !own.wide.TryAcquire(wide) && own.wide.Acquire(ctx, wide) != nil {
		return false
	}
	if !own.seats.TryAcquire(seats) && own.seats.Acquire(ctx, seats) != nil {
		own.wide.Release(wide)
		return false
	}
	return true
}
