package main

import (
	"flag"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// options are the flags, besides --kubeconfig, which is controller-runtime's own.
type options struct {
	selector       string
	concurrency    int
	memory         string
	discovery      bool
	syncPeriod     time.Duration
	readYourWrites bool

	leaderElection                            bool
	leaderNamespace                           string
	leaseDuration, renewDeadline, retryPeriod time.Duration

	metricsAddress string
	webhookHost    string
	webhookPort    int
	webhookCerts   string
}

func (o *options) addFlags(flags *flag.FlagSet) {
	flags.StringVar(&o.selector, "selector", "", "label selector of the objects to care for: all, if it is empty")
	flags.IntVar(&o.concurrency, "concurrent-reconciles", 8, "queries that are reconciled at a time")
	flags.StringVar(&o.memory, "memory", "", "URL of the service that keeps conversations")
	flags.BoolVar(&o.discovery, "discovery", false, "care for memories, execution engines, A2A servers and MCP servers too")
	flags.DurationVar(&o.syncPeriod, "sync-period", 10*time.Hour, "time after which everything is reconciled anew")
	flags.BoolVar(&o.readYourWrites, "read-your-writes", false, "have reads wait until the cache knows what was written")
	flags.BoolVar(&o.leaderElection, "leader-elect", false, "work only while holding the lease")
	flags.StringVar(&o.leaderNamespace, "leader-election-namespace", "", "namespace of the lease")
	flags.DurationVar(&o.leaseDuration, "lease-duration", 15*time.Second, "time after which others may take an unrenewed lease")
	flags.DurationVar(&o.renewDeadline, "renew-deadline", 10*time.Second, "time after which a leader that cannot renew gives up")
	flags.DurationVar(&o.retryPeriod, "retry-period", 2*time.Second, "time between two attempts at the lease")
	flags.StringVar(&o.metricsAddress, "metrics-bind-address", "0", "where to serve metrics and the content of the cache: nowhere, if it is 0")
	flags.StringVar(&o.webhookHost, "webhook-host", "127.0.0.1", "address of the webhooks")
	flags.IntVar(&o.webhookPort, "webhook-port", -1, "port of the webhooks: none, if it is -1")
	flags.StringVar(&o.webhookCerts, "webhook-cert-dir", "", "directory with the webhooks' tls.crt and tls.key")
}

func (o *options) manager(scheme *runtime.Scheme) (ctrl.Options, error) {
	selector, err := labels.Parse(o.selector)
	if err != nil {
		return ctrl.Options{}, err
	}
	return ctrl.Options{
		Scheme: scheme,
		Cache: cache.Options{
			SyncPeriod:           &o.syncPeriod,
			DefaultLabelSelector: selector,
			ByObject: map[client.Object]cache.ByObject{
				// It speaks no other language.
				&v1alpha1.Model{}: {Field: fields.OneTermEqualSelector("spec.provider", string(v1alpha1.ProviderOpenAI))},
			},
		},
		Client: client.Options{Cache: &client.CacheOptions{
			// There is no need to hold everybody's secrets in memory, nor what lacks the labels of
			// the selector.
			DisableFor:                      []client.Object{&corev1.Secret{}, &corev1.ConfigMap{}, &corev1.Service{}},
			EnableReadYourWritesConsistency: &o.readYourWrites,
		}},
		LeaderElection:                o.leaderElection,
		LeaderElectionID:              "query-manager",
		LeaderElectionNamespace:       o.leaderNamespace,
		LeaderElectionReleaseOnCancel: true,
		LeaseDuration:                 &o.leaseDuration,
		RenewDeadline:                 &o.renewDeadline,
		RetryPeriod:                   &o.retryPeriod,
		Metrics:                       metricsserver.Options{BindAddress: o.metricsAddress},
		WebhookServer:                 webhook.NewServer(webhook.Options{Host: o.webhookHost, Port: o.webhookPort, CertDir: o.webhookCerts}),
	}, nil
}
