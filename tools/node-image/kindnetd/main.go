// Command kindnetd connects the pods of a kind cluster, in node images that are built here. It
// takes the place of kind's program of that name, which is no Go module, in kind's manifest for it:
// it writes the node's CNI configuration, and keeps a route to the pods of every other node. It
// does not enforce NetworkPolicies.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	self, err := os.Hostname()
	if err != nil {
		return err
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	service := net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
	// kind tells it where kube-apiserver is: Services may not work yet.
	if endpoint := os.Getenv("CONTROL_PLANE_ENDPOINT"); endpoint != "" {
		config.Host = "https://" + endpoint
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, time.Minute)
	nodes := factory.Core().V1().Nodes().Informer()
	failed := make(chan error, 1)
	// The informer tells of every node again each minute: what went wrong is tried again then.
	handle := func(object any) {
		node := object.(*corev1.Node)
		if node.Spec.PodCIDR == "" {
			return
		}
		if node.Name != self {
			if err := route(node); err != nil {
				log.Print(err)
			}
			return
		}
		if err := configure(ctx, node.Spec.PodCIDR, service); err != nil {
			select {
			case failed <- err:
			default:
			}
		}
	}
	if _, err := nodes.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    handle,
		UpdateFunc: func(_, object any) { handle(object) },
		DeleteFunc: func(object any) {
			if node, ok := object.(*corev1.Node); ok && node.Name != self {
				if err := unroute(node); err != nil {
					log.Print(err)
				}
			}
		},
	}); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	defer factory.Shutdown()
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return fmt.Errorf("configure the network of this node: %w", err)
	}
}
