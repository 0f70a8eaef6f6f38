package aggregated_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// haltedFor is for how long a kube-apiserver is stopped that the migration waits for.
const haltedFor = 5 * time.Second

var _ = Describe("A migration of a cluster with two kube-apiservers", framework.Long, framework.OnPostgreSQL, func() {
	DescribeTable("loses no write, and waits for the one that hangs", func(ctx context.Context, approach func(*definedCluster, *another), waits, gaveUp string) {
		c := startDefinitionsAt(ctx, v1alpha1.GroupName, 2)
		other := c.another()
		c.populate(ctx)
		cache := c.openCache(ctx)
		writers := c.startWriters(ctx, other.ark)
		database := newPostgreSQL()
		s, manifest := c.prepareServer(ctx)
		s.run(c.kubeconfig, database...)
		s.awaitReady(ctx)
		approach(c, other)
		command := append([]string{"from-crds", "--apiservices", manifest}, database...)

		By("giving up when it hangs for long")
		running := c.migrate(command...)
		Eventually(running.Out).WithTimeout(readyTimeout).Should(gbytes.Say("Copied"))
		other.halt()
		Eventually(running.Out).WithTimeout(readyTimeout).Should(gbytes.Say(waits))
		Eventually(running).WithTimeout(2 * readyTimeout).Should(gexec.Exit(1))
		Expect(running.Err).To(gbytes.Say(gaveUp))
		bindings := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicyBindings()
		_, err := bindings.Get(ctx, "ark-apiserver-migration", metav1.GetOptions{})
		Expect(apierrors.IsNotFound(err)).To(BeTrue(), "writes are accepted again: %v", err)
		writers.awaitMore(ctx)
		other.goOn()
		writers.awaitMore(ctx)

		By("going on when it goes on")
		running = c.migrate(command...)
		Eventually(running.Out).WithTimeout(readyTimeout).Should(gbytes.Say("Copied"))
		other.halt()
		Eventually(running.Out).WithTimeout(readyTimeout).Should(gbytes.Say(waits))
		time.Sleep(haltedFor) // meanwhile nothing must happen
		Expect(running.Out.Contents()).NotTo(ContainSubstring("verified"))
		other.goOn()
		Eventually(running).WithTimeout(2 * readyTimeout).Should(gexec.Exit(0))
		writers.awaitMore(ctx)
		writers.report()

		By("going back")
		running = c.migrate(append([]string{"to-crds"}, database...)...)
		Eventually(running.Out).WithTimeout(2 * readyTimeout).Should(gbytes.Say("Copied"))
		other.halt()
		Eventually(running.Out).WithTimeout(readyTimeout).Should(gbytes.Say(waits))
		other.goOn()
		Eventually(running).WithTimeout(2 * readyTimeout).Should(gexec.Exit(0))
		writers.awaitMore(ctx)
		writers.check(ctx)
		cache.check(ctx)
	},
		Entry("that are reached one by one", (*definedCluster).reachEach,
			`Waiting for kube-apiserver 192\.0\.2\.2:\d+ to refuse writes`, `waited 1m.* for kube-apiserver 192\.0\.2\.2:\d+ to refuse writes`),
		Entry("that only a load balancer leads to", (*definedCluster).reachThrough,
			`Waiting for all kube-apiservers behind https://\S+ to refuse writes`, `waited 1m.* to refuse writes: not met yet: 192\.0\.2\.2:\d+`),
	)

	It("does not begin while there may be one that hangs", func(ctx context.Context) {
		c := startDefinitions(ctx, v1alpha1.GroupName)
		seconds := int32(time.Hour.Seconds())
		lease := &coordinationv1.Lease{
			ObjectMeta: metav1.ObjectMeta{Name: "apiserver-halted", Labels: map[string]string{
				"apiserver.kubernetes.io/identity": "kube-apiserver", "kubernetes.io/hostname": "halted.example.com",
			}},
			Spec: coordinationv1.LeaseSpec{RenewTime: &metav1.MicroTime{Time: time.Now().Add(-time.Minute)}, LeaseDurationSeconds: &seconds},
		}
		leases := c.core.CoordinationV1().Leases(metav1.NamespaceSystem)
		_, err := leases.Create(ctx, lease, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, manifest := c.prepareServer(ctx)
		command := append([]string{"from-crds", "--apiservices", manifest}, newSQLite()...)
		refused := c.migrate(command...)
		Eventually(refused).WithTimeout(2 * readyTimeout).Should(gexec.Exit(1))
		Expect(refused.Err).To(gbytes.Say("kube-apiserver of host halted.example.com has not renewed its Lease .* delete Lease kube-system/apiserver-halted"))
		Expect(refused.Out.Contents()).NotTo(ContainSubstring("Copied"))
		Expect(leases.Delete(ctx, lease.Name, metav1.DeleteOptions{})).To(Succeed())
		Eventually(c.migrate(command...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
	})
})

// another is the second kube-apiserver of a cluster.
type another struct {
	ark     *versioned.Clientset
	address string
	pid     int
	halted  atomic.Bool
}

func (c *definedCluster) another() *another {
	GinkgoHelper()
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	config.Host, config.ServerName, config.QPS = c.AnotherAPIServer.URL, "127.0.0.1", -1
	// Its clients wait until one that hangs goes on.
	Expect(os.Setenv("HTTP2_READ_IDLE_TIMEOUT_SECONDS", "0")).To(Succeed())
	defer os.Unsetenv("HTTP2_READ_IDLE_TIMEOUT_SECONDS")
	return &another{ark: versioned.NewForConfigOrDie(config), address: strings.TrimPrefix(c.AnotherAPIServer.URL, "https://"), pid: c.AnotherAPIServer.PID}
}

// halt stops it in the midst of whatever it does.
func (a *another) halt() {
	GinkgoHelper()
	a.halted.Store(true)
	DeferCleanup(a.goOn) // before anybody waits for clients to end
	Expect(syscall.Kill(a.pid, syscall.SIGSTOP)).To(Succeed())
}

func (a *another) goOn() {
	GinkgoHelper()
	Expect(syscall.Kill(a.pid, syscall.SIGCONT)).To(Succeed())
	a.halted.Store(false)
}

// first is where the first kube-apiserver listens.
func (c *definedCluster) first() string {
	GinkgoHelper()
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	return strings.TrimPrefix(config.Host, "https://")
}

// approachBy has the administrator come another way.
func (c *definedCluster) approachBy(change func(*clientcmdapi.Cluster)) {
	GinkgoHelper()
	config, err := clientcmd.LoadFromFile(c.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	for _, cluster := range config.Clusters {
		cluster.TLSServerName = "127.0.0.1"
		change(cluster)
	}
	c.kubeconfig = filepath.Join(GinkgoT().TempDir(), "kubeconfig")
	Expect(clientcmd.WriteToFile(*config, c.kubeconfig)).To(Succeed())
}

// reachEach has the administrator come by a proxy that leads to the addresses which kube-apiservers
// have among pods.
func (c *definedCluster) reachEach(other *another) {
	GinkgoHelper()
	_, port, err := net.SplitHostPort(other.address)
	Expect(err).NotTo(HaveOccurred())
	places := map[string]string{
		net.JoinHostPort("192.0.2.1", port): c.first(),
		net.JoinHostPort("192.0.2.2", port): other.address,
		c.first():                           c.first(),
	}
	server := &http.Server{ReadHeaderTimeout: readyTimeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		behind, err := net.Dial("tcp", places[r.Host])
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			_ = behind.Close()
			return
		}
		join(client, behind)
	})}
	listener := listen()
	go func() { _ = server.Serve(listener) }()
	DeferCleanup(server.Close)
	c.approachBy(func(cluster *clientcmdapi.Cluster) {
		cluster.ProxyURL = (&url.URL{Scheme: "http", Host: listener.Addr().String()}).String()
	})
}

// reachThrough has the administrator come by a load balancer, which leads to who is healthy.
func (c *definedCluster) reachThrough(other *another) {
	GinkgoHelper()
	first, listener := c.first(), listen()
	DeferCleanup(listener.Close)
	go func() {
		for turn := 0; ; turn++ {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			place := first
			// The command's own connections, which come first, are with one that goes on.
			if turn%3 == 2 && !other.halted.Load() {
				place = other.address
			}
			behind, err := net.Dial("tcp", place)
			if err != nil {
				_ = client.Close()
				continue
			}
			go join(client, behind)
		}
	}()
	c.approachBy(func(cluster *clientcmdapi.Cluster) { cluster.Server = "https://" + listener.Addr().String() })
}

func listen() net.Listener {
	GinkgoHelper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	return listener
}

// join passes everything on between two connections, until one ends.
func join(a, b net.Conn) {
	done := make(chan struct{}, 2)
	for from, to := range map[net.Conn]net.Conn{a: b, b: a} {
		go func() {
			_, _ = io.Copy(to, from)
			done <- struct{}{}
		}()
	}
	<-done
	_, _ = a.Close(), b.Close()
}
