package webhooks_test

import (
	"context"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// inForceTimeout is for what was written to become known to the admission of every server.
const inForceTimeout = 30 * time.Second

// servers are clients of all who decide about the admission of Ark objects: the one of the
// kubeconfig, and the Ark API servers that may be behind it.
var servers = sync.OnceValue(func() []versioned.Interface {
	clients := []versioned.Interface{framework.Ark}
	for _, server := range framework.Env.Servers {
		clients = append(clients, versioned.NewForConfigOrDie(server.Config(framework.Config)))
	}
	return clients
})

// everywhere waits until a condition holds at every server.
func everywhere(ctx context.Context, condition func(Gomega, versioned.Interface)) {
	GinkgoHelper()
	for _, server := range servers() {
		Eventually(ctx, condition).WithArguments(server).WithTimeout(inForceTimeout).WithPolling(50 * time.Millisecond).Should(Succeed())
	}
}
