package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/vishvananda/netlink"
	corev1 "k8s.io/api/core/v1"
)

// route leads to the pods of another node.
func route(node *corev1.Node) error {
	r, err := routeTo(node)
	if err != nil || r == nil {
		return err
	}
	if err := netlink.RouteReplace(r); err != nil {
		return fmt.Errorf("route to the pods of %s: %w", node.Name, err)
	}
	return nil
}

// unroute is for a node that is gone.
func unroute(node *corev1.Node) error {
	r, err := routeTo(node)
	if err != nil || r == nil {
		return err
	}
	if err := netlink.RouteDel(r); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("remove the route to the pods of %s: %w", node.Name, err)
	}
	return nil
}

// routeTo is nil for a node that has no addresses yet.
func routeTo(node *corev1.Node) (*netlink.Route, error) {
	if node.Spec.PodCIDR == "" {
		return nil, nil
	}
	_, pods, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return nil, fmt.Errorf("pod CIDR of %s: %w", node.Name, err)
	}
	for _, address := range node.Status.Addresses {
		if ip := net.ParseIP(address.Address); address.Type == corev1.NodeInternalIP && ip.To4() != nil {
			return &netlink.Route{Dst: pods, Gw: ip}, nil
		}
	}
	return nil, nil
}
