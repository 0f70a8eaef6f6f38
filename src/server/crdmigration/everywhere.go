package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
)

const (
	// everywhereTimeout is how long all kube-apiservers may take to hear of a change.
	everywhereTimeout = 2 * time.Minute
	probeInterval     = 100 * time.Millisecond
	dialTimeout       = 2 * time.Second
	// probesThrough is how many answers in a row count as those of all kube-apiservers that can't
	// be reached one by one, each over a connection of its own.
	probesThrough = 50
)

// everywhere waits until check holds at every kube-apiserver.
func (c *cluster) everywhere(ctx context.Context, what string, check func(context.Context, *cluster) (bool, error)) error {
	servers, hidden, err := c.servers(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, everywhereTimeout, fmt.Errorf("not all kube-apiservers %s", what))
	defer cancel()
	for _, server := range servers {
		if err := server.await(ctx, 1, check); err != nil {
			return fmt.Errorf("wait until %s does %s: %w", server.config.Host, what, err)
		}
	}
	if hidden {
		if err := c.await(ctx, probesThrough, check); err != nil {
			return fmt.Errorf("wait until all kube-apiservers %s: %w", what, err)
		}
	}
	return nil
}

// await waits until check holds so many times in a row.
func (c *cluster) await(ctx context.Context, times int, check func(context.Context, *cluster) (bool, error)) error {
	var last error
	held := 0
	err := wait.PollUntilContextCancel(ctx, probeInterval, true, func(ctx context.Context) (bool, error) {
		server := c
		if times > 1 {
			if server, last = newCluster(withNewConnections(c.config), c.from); last != nil {
				return false, last
			}
		}
		holds, err := check(ctx, server)
		last = err
		if holds {
			held++
		} else {
			held = 0
		}
		return held >= times, nil
	})
	if err != nil {
		return errors.Join(context.Cause(ctx), last)
	}
	return nil
}

// withNewConnections has each client of the configuration begin with a connection of its own: a
// load balancer chooses by connection.
func withNewConnections(config *rest.Config) *rest.Config {
	config = rest.CopyConfig(config)
	config.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	return config
}

// servers are the kube-apiservers, as far as they can be reached one by one. hidden means that
// there are others.
func (c *cluster) servers(ctx context.Context) (servers []*cluster, hidden bool, err error) {
	slices, err := c.core.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{
		LabelSelector: discoveryv1.LabelServiceName + "=kubernetes",
	})
	if err != nil {
		return nil, false, err
	}
	var addresses []string
	for _, slice := range slices.Items {
		for _, endpoint := range slice.Endpoints {
			for _, port := range slice.Ports {
				if len(endpoint.Addresses) > 0 && port.Port != nil {
					addresses = append(addresses, net.JoinHostPort(endpoint.Addresses[0], strconv.Itoa(int(*port.Port))))
				}
			}
		}
	}
	if len(addresses) <= 1 {
		return []*cluster{c}, false, nil
	}
	for _, address := range addresses {
		server, err := c.at(ctx, address)
		if err != nil {
			hidden = true
			continue
		}
		servers = append(servers, server)
	}
	return servers, hidden, nil
}

// at is the cluster by way of one of its kube-apiservers, which has a certificate for the name that
// all are known by.
func (c *cluster) at(ctx context.Context, address string) (*cluster, error) {
	config := rest.CopyConfig(c.config)
	base, err := url.Parse(config.Host)
	if err != nil {
		return nil, err
	}
	if config.ServerName == "" {
		config.ServerName = base.Hostname()
	}
	config.Host, config.Timeout = "https://"+address, dialTimeout
	server, err := newCluster(config, c.from)
	if err != nil {
		return nil, err
	}
	_, err = server.core.Discovery().ServerVersion()
	return server, errors.Join(err, ctx.Err())
}
