package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"
)

// As Kubernetes' own controllers have it: so long a command that was killed is waited for.
const (
	lockDuration = 15 * time.Second
	lockRenewal  = 10 * time.Second
	lockRetry    = 2 * time.Second
	// lockAnswer leaves the time to ask another kube-apiserver if one hangs.
	lockAnswer = 3 * time.Second
)

// errLost ends a command that others may take for dead.
var errLost = errors.New("the Lease of the migration could not be renewed: start the command again")

// alone runs a command while no other one of the migration does: what one of them refuses, another
// must not accept. A Lease in the cluster says which.
func (c *cluster) alone(ctx context.Context, run func(context.Context) error) error {
	config := rest.CopyConfig(c.config)
	config.Timeout = lockAnswer
	// A connection that hangs is not used again.
	config.NextProtos = []string{"http/1.1"}
	client, err := coordination.NewForConfig(config)
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	identity := fmt.Sprintf("%s_%s", host, uuid.NewUUID())

	running, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	// It is held until the command has given up, even if that is told to.
	held, release := context.WithCancel(klog.NewContext(context.WithoutCancel(ctx), klog.Logger{}))
	defer release()
	stopWaiting := context.AfterFunc(ctx, release)
	leading, stopped := make(chan struct{}), make(chan struct{})
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Name: policyName,
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Namespace: metav1.NamespaceDefault, Name: policyName},
			Client:     client,
			LockConfig: resourcelock.ResourceLockConfig{Identity: identity},
		},
		LeaseDuration: lockDuration, RenewDeadline: lockRenewal, RetryPeriod: lockRetry,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { close(leading) },
			OnStoppedLeading: func() { lose(errLost) },
			OnNewLeader: func(holder string) {
				if holder != identity && holder != "" {
					fmt.Fprintf(c.out, "Waiting for another command of the migration to end, that of %s.\n", holder)
				}
			},
		},
	})
	if err != nil {
		return err
	}
	// Ends with the command, or when the Lease is lost.
	go func() {
		defer close(stopped)
		elector.Run(held)
	}()
	select {
	case <-leading:
	case <-stopped:
		return context.Cause(running)
	}
	stopWaiting()
	err = run(running)
	if lost := context.Cause(running); errors.Is(lost, errLost) && errors.Is(err, context.Canceled) {
		err = lost
	}
	release()
	<-stopped
	return err
}
