package controllers

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"

	"k8s.io/kubernetes/pkg/serviceaccount"

	"ark.ai/apiserver/src/server/services"
)

// Config of the controllers.
type Config struct {
	// Client is a connection with all privileges to the server.
	Client *rest.Config
	// Identity of this process among those that share the database. A process that is started again
	// should have the same one: it can go on at once, without waiting for its former lease to
	// expire.
	Identity string
	// RootCA is what clients of the server trust; it is published in every namespace. PEM.
	RootCA []byte
	// LegacyTokens signs the tokens of secrets of type kubernetes.io/service-account-token. Such
	// secrets stay empty if it is nil.
	LegacyTokens serviceaccount.TokenGenerator
	// AuthorityCertificate and AuthorityKey are files of the authority that signs approved
	// certificate signing requests of clients. None are signed if they are empty.
	AuthorityCertificate, AuthorityKey string
	// NodePorts are those that the server's Services have.
	NodePorts *services.NodePorts
}

// controller is one of the controllers of a term.
type controller struct {
	name string
	// build registers informers with the term. What it returns works until its context ends; nil if
	// there is nothing to do.
	build func(ctx context.Context, t *term) (run func(ctx context.Context), err error)
}

var all = []controller{
	{"namespace", namespaceDeletion},
	{"garbage-collector", garbageCollection},
	{"resource-quota", resourceQuota},
	{"service-account", defaultServiceAccounts},
	{"service-account-token", serviceAccountTokens},
	{"root-ca-publisher", rootCAPublisher},
	{"cluster-role-aggregation", clusterRoleAggregation},
	{"validating-admission-policy-status", admissionPolicyStatus},
	{"certificate-signing", certificateSigning},
	{"certificate-cleaner", certificateCleaner},
	{"service-cidrs", serviceRanges},
	{"cluster-ip-repair", clusterIPRepair},
	{"node-port-repair", nodePortRepair},
	{"endpointslice-mirroring", endpointMirroring},
}

// run works as the only one until ctx ends.
func run(ctx context.Context, config Config) error {
	t, err := newTerm(ctx, config)
	if err != nil {
		return err
	}
	var loops []func()
	for _, c := range all {
		// Upstream's controllers take their logger from the context.
		ctx := klog.NewContext(ctx, klog.LoggerWithName(klog.FromContext(ctx), c.name))
		loop, err := c.build(ctx, t)
		if err != nil {
			return fmt.Errorf("building the controller %s: %w", c.name, err)
		}
		if loop != nil {
			loops = append(loops, func() { loop(ctx) })
		}
	}
	t.startInformers(ctx)
	var running sync.WaitGroup
	for _, loop := range loops {
		running.Go(loop)
	}
	running.Wait()
	t.shutdownInformers()
	return nil
}
