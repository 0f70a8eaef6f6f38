package aggregated

import (
	"bytes"
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/client-go/kubernetes"
)

const (
	// clientCATimeout is how long the start waits for the cluster's authorities.
	clientCATimeout      = 10 * time.Second
	clientCAPollInterval = 10 * time.Millisecond
)

// waitForClientCA makes the server know the authorities of clients, that of kube-apiserver as front
// proxy above all, before it listens. Upstream listens at once and looks them up then: whoever
// connects in the first moments is not asked for a certificate, and all that kube-apiserver ever
// sends over such a connection counts as anonymous.
func waitForClientCA(ctx context.Context, config *genericapiserver.RecommendedConfig, lookup bool) error {
	controller, ok := config.SecureServing.ClientCA.(dynamiccertificates.ControllerRunner)
	if !ok || !lookup {
		return nil
	}
	client, err := kubernetes.NewForConfig(config.ClientConfig)
	if err != nil {
		return err
	}
	authentication, err := client.CoreV1().ConfigMaps(metav1.NamespaceSystem).Get(ctx, "extension-apiserver-authentication", metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("reading how the cluster authenticates: %w", err)
	}
	config.SecureServing.ClientCA = &loadedClientCA{
		CAContentProvider: config.SecureServing.ClientCA,
		controller:        controller,
		expected:          []string{authentication.Data["client-ca-file"], authentication.Data["requestheader-client-ca-file"]},
	}
	return nil
}

// loadedClientCA has everything that is expected once RunOnce, which upstream calls before it
// listens, returns.
type loadedClientCA struct {
	dynamiccertificates.CAContentProvider
	controller dynamiccertificates.ControllerRunner
	expected   []string
}

var _ dynamiccertificates.ControllerRunner = (*loadedClientCA)(nil)

// RunOnce implements dynamiccertificates.ControllerRunner. It starts to follow the cluster until
// ctx ends.
func (c *loadedClientCA) RunOnce(ctx context.Context) error {
	if err := c.controller.RunOnce(ctx); err != nil {
		return err
	}
	// Ends with the server.
	go c.controller.Run(ctx, 1)
	err := wait.PollUntilContextTimeout(ctx, clientCAPollInterval, clientCATimeout, true, func(context.Context) (bool, error) {
		return c.loaded(), nil
	})
	if err != nil {
		return fmt.Errorf("the cluster's client authorities are not there after %s: %w", clientCATimeout, err)
	}
	return nil
}

// Run implements dynamiccertificates.ControllerRunner: RunOnce did it.
func (c *loadedClientCA) Run(context.Context, int) {}

func (c *loadedClientCA) loaded() bool {
	content := c.CurrentCABundleContent()
	for _, authority := range c.expected {
		if !bytes.Contains(content, bytes.TrimSpace([]byte(authority))) {
			return false
		}
	}
	return true
}
