package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

const (
	dialTimeout = 2 * time.Second
	// answerTimeout is how long a kube-apiserver may take for an answer before it is asked again.
	answerTimeout = 10 * time.Second
	// leaseTimeout is by how much one that runs may be behind others with its Lease, which each
	// renews every ten seconds.
	leaseTimeout = 15 * time.Second
	// leaseLabel is on the Leases by which kube-apiservers say that they are there.
	leaseLabel = "apiserver.kubernetes.io/identity=kube-apiserver"
)

// apiserver is one of the cluster's kube-apiservers.
type apiserver struct {
	// address is what the Service kubernetes leads to.
	address string
	// direct is the cluster by way of this one alone; nil if it was not reached yet.
	direct *cluster
	// hidden means that only a load balancer leads there.
	hidden bool
}

// findAPIServers takes note of the kube-apiservers that the Service kubernetes leads to. Those that
// it has led to before stay: who hangs is dropped from the Service after seconds, and may go on
// with a write a minute later.
func (c *cluster) findAPIServers(ctx context.Context) error {
	addresses, err := c.addresses(ctx)
	if err != nil {
		return err
	}
	for _, address := range addresses {
		if !slices.ContainsFunc(c.apiservers, func(s *apiserver) bool { return s.address == address }) {
			c.apiservers = append(c.apiservers, &apiserver{address: address})
		}
	}
	leases, err := c.leases(ctx)
	if err != nil {
		return err
	}
	switch c.uncounted = len(leases) > max(1, len(c.apiservers)); {
	case c.uncounted:
	case len(c.apiservers) == 0:
		c.apiservers = []*apiserver{{address: c.config.Host, direct: c}}
	case len(c.apiservers) == 1:
		c.apiservers[0].direct = c
	}
	return nil
}

func (c *cluster) addresses(ctx context.Context) (addresses []string, err error) {
	slices, err := c.core.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{
		LabelSelector: discoveryv1.LabelServiceName + "=kubernetes",
	})
	if err != nil {
		return nil, err
	}
	for _, slice := range slices.Items {
		for _, endpoint := range slice.Endpoints {
			for _, port := range slice.Ports {
				if len(endpoint.Addresses) > 0 && port.Port != nil {
					addresses = append(addresses, net.JoinHostPort(endpoint.Addresses[0], strconv.Itoa(int(*port.Port))))
				}
			}
		}
	}
	return addresses, nil
}

// leases are those of the kube-apiservers. There is one for each host.
func (c *cluster) leases(ctx context.Context) ([]coordinationv1.Lease, error) {
	list, err := c.core.CoordinationV1().Leases(metav1.NamespaceSystem).List(ctx, metav1.ListOptions{LabelSelector: leaseLabel})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list.Items, func(l coordinationv1.Lease) bool { return l.Spec.RenewTime == nil }), nil
}

// checkAPIServers returns once all kube-apiservers that there may be are known to run. One that
// hangs would not hear that writes are to be refused.
func (c *cluster) checkAPIServers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, freezeTimeout)
	defer cancel()
	return c.poll(ctx, "all kube-apiservers", "renew their Leases", func(ctx context.Context) (bool, error) {
		if err := c.findAPIServers(ctx); err != nil {
			return false, err
		}
		leases, err := c.leases(ctx)
		if err != nil {
			return false, err
		}
		// By the clocks of the kube-apiservers, not by ours.
		var newest time.Time
		for _, lease := range leases {
			if lease.Spec.RenewTime.After(newest) {
				newest = lease.Spec.RenewTime.Time
			}
		}
		for _, lease := range leases {
			if behind := newest.Sub(lease.Spec.RenewTime.Time); behind > leaseTimeout {
				return false, fmt.Errorf("kube-apiserver of host %s has not renewed its Lease for %s and may be hanging: get it running again or, if it is gone for good, delete Lease %s/%s",
					lease.Labels["kubernetes.io/hostname"], behind.Round(time.Second), lease.Namespace, lease.Name)
			}
		}
		return true, nil
	})
}

// reach finds out whether a kube-apiserver can be reached by its own address. Who can be connected
// to, but does not answer, is not hidden: it may hang.
func (c *cluster) reach(ctx context.Context, s *apiserver) error {
	config := rest.CopyConfig(c.config)
	base, err := url.Parse(config.Host)
	if err != nil {
		return err
	}
	// It has a certificate for the name that all are known by.
	if config.ServerName == "" {
		config.ServerName = base.Hostname()
	}
	var connected atomic.Bool
	config.Host, config.Timeout = "https://"+s.address, answerTimeout
	config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		connection, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
		if err == nil {
			connected.Store(true)
		}
		return connection, err
	}
	server, err := newCluster(config, c.from, c.out)
	if err != nil {
		return err
	}
	_, err = server.core.Discovery().ServerVersion()
	timeout := net.Error(nil)
	switch hangs := errors.As(err, &timeout) && timeout.Timeout() && connected.Load(); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		s.direct = server
	case hangs:
		return err
	default:
		s.hidden = true
	}
	return nil
}

// anew is the cluster by way of a connection of its own, which a load balancer may lead to another
// kube-apiserver.
func (c *cluster) anew() (*cluster, error) {
	config := rest.CopyConfig(c.config)
	config.Timeout = answerTimeout
	config.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	return newCluster(config, c.from, c.out)
}

// self is the address that the kube-apiserver at the other end has by itself.
func (c *cluster) self(ctx context.Context) (string, error) {
	versions := &metav1.APIVersions{}
	err := c.core.Discovery().RESTClient().Get().AbsPath("/api").SetHeader("Accept", "application/json").Do(ctx).Into(versions)
	if err != nil {
		return "", err
	}
	for _, address := range versions.ServerAddressByClientCIDRs {
		if strings.HasPrefix(address.ClientCIDR, "0.0.0.0/") {
			return address.ServerAddress, nil
		}
	}
	return "", nil
}
