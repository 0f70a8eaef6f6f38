package framework

import (
	"context"
	"net"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// Listen returns a listener that the API servers of the environment reach. The caller closes it.
func Listen() net.Listener {
	ginkgo.GinkgoHelper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort(Env.Host, "0"))
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return listener
}
