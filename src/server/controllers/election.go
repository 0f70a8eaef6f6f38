package controllers

import (
	"context"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"
)

// LeaseName is the Lease in kube-system whose holder runs the controllers.
const LeaseName = "ark-apiserver-controllers"

// The same as kube-controller-manager's.
const (
	leaseDuration = 15 * time.Second
	renewDeadline = 10 * time.Second
	retryPeriod   = 2 * time.Second
)

// Run runs the controllers whenever this process is the leader, until ctx ends. When it returns
// they have stopped, and the lease is free for the next process. The server must be ready when it
// is called and still answer when ctx ends.
func Run(ctx context.Context, config Config) error {
	lock, err := resourcelock.NewFromKubeconfig(resourcelock.LeasesResourceLock, metav1.NamespaceSystem, LeaseName,
		resourcelock.ResourceLockConfig{Identity: config.Identity},
		rest.AddUserAgent(rest.CopyConfig(config.Client), "leader-election"), renewDeadline)
	if err != nil {
		return err
	}

	// Held while this process runs controllers. The lease is kept until they have stopped, so that
	// there are never two of a kind.
	var leading sync.Mutex
	leaseCtx, giveUpLease := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUpLease()
	defer context.AfterFunc(ctx, func() {
		leading.Lock()
		defer leading.Unlock()
		giveUpLease()
	})()

	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock:            lock,
		Name:            LeaseName,
		LeaseDuration:   leaseDuration,
		RenewDeadline:   renewDeadline,
		RetryPeriod:     retryPeriod,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(leaseHeld context.Context) {
				leading.Lock()
				defer leading.Unlock()
				term, endTerm := context.WithCancel(leaseHeld)
				defer endTerm()
				defer context.AfterFunc(ctx, endTerm)()
				if err := run(term, config); err != nil && term.Err() == nil {
					klog.ErrorS(err, "Can't run the controllers")
				}
			},
			OnStoppedLeading: func() {},
		},
	})
	if err != nil {
		return err
	}
	// A leader that lost the lease, when the database was away for long, stands for election again.
	wait.UntilWithContext(leaseCtx, elector.Run, retryPeriod)
	return nil
}
