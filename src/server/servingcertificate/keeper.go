package servingcertificate

import (
	"context"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

const (
	// recheck is how often it is looked whether something is due.
	recheck = time.Hour
	// The pauses after failures.
	firstPause, longestPause = time.Second, 5 * time.Minute
)

// conflicts are tried again soon: whoever has caused one is done.
var conflicts = wait.Backoff{Steps: 10, Duration: 10 * time.Millisecond, Factor: 2, Jitter: 1}

// Keeper provides the certificate, and keeps it good.
type Keeper struct {
	served
	cluster *cluster
	hosts   []string
	clock   clock.Clock
	changed chan struct{}
}

var (
	_ dynamiccertificates.CertKeyContentProvider = (*Keeper)(nil)
	_ dynamiccertificates.ControllerRunner       = (*Keeper)(nil)
)

// New returns a keeper that has a certificate, which kube-apiserver trusts as far as the
// APIServices of these names exist already. The options are valid, and enabled.
func New(ctx context.Context, options *Options, apiServices []string, config *rest.Config) (*Keeper, error) {
	return newKeeper(ctx, options, apiServices, config, clock.RealClock{})
}

func newKeeper(ctx context.Context, options *Options, apiServices []string, config *rest.Config, clock clock.Clock) (*Keeper, error) {
	cluster, err := newCluster(options, apiServices, config)
	if err != nil {
		return nil, err
	}
	k := &Keeper{cluster: cluster, hosts: options.hosts(), clock: clock, changed: make(chan struct{}, 1)}
	return k, k.sync(ctx)
}

// RunOnce implements dynamiccertificates.ControllerRunner: New did it.
func (k *Keeper) RunOnce(context.Context) error { return nil }

// Run implements dynamiccertificates.ControllerRunner. It keeps the certificate until ctx ends.
func (k *Keeper) Run(ctx context.Context, _ int) {
	k.cluster.follow(ctx, k.wake)
	backoff := newBackoff()
	for {
		pause := recheck
		if err := k.sync(ctx); ctx.Err() != nil {
			return
		} else if err != nil {
			klog.ErrorS(err, "Can't maintain the serving certificate, will retry")
			pause = backoff.Step()
		} else {
			backoff = newBackoff()
		}
		select {
		case <-ctx.Done():
			return
		case <-k.changed:
		case <-k.clock.After(pause):
		}
	}
}

func newBackoff() wait.Backoff {
	return wait.Backoff{Steps: 20, Duration: firstPause, Factor: 2, Cap: longestPause}
}

// wake has Run look at the cluster.
func (k *Keeper) wake() {
	select {
	case k.changed <- struct{}{}:
	default:
	}
}

// sync makes the secret, the APIServices and what is served agree.
func (k *Keeper) sync(ctx context.Context) error {
	return retry.RetryOnConflict(conflicts, func() error {
		// Before the secret: an authority of ours that is in a bundle, and not in a secret that was
		// read later, is a former one.
		apiServices, err := k.cluster.registrations(ctx)
		if err != nil {
			return err
		}
		secret, err := k.ensureSecret(ctx)
		if err != nil {
			return err
		}
		// Trusted first, so that it can be verified when it is served, and served in any case.
		err = k.cluster.trust(ctx, apiServices, secret.Data[authoritiesKey])
		k.serve(secret.Data[corev1.TLSCertKey], secret.Data[corev1.TLSPrivateKeyKey])
		return err
	})
}

// ensureSecret returns the secret with everything in it.
func (k *Keeper) ensureSecret(ctx context.Context) (*corev1.Secret, error) {
	secret, err := k.cluster.readSecret(ctx)
	if err != nil {
		return nil, err
	}
	renewed, changes, err := renew(secret.Data, k.hosts, k.clock.Now())
	if err != nil || len(changes) == 0 {
		return secret, err
	}
	secret.Data = renewed
	if err := k.cluster.writeSecret(ctx, secret); err != nil {
		return nil, err
	}
	klog.InfoS("Wrote the secret of the serving certificate", "secret", k.cluster.secret, "because", strings.Join(changes, "; "))
	return secret, nil
}
