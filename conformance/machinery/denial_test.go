package machinery_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
)

// tenant is an ordinary user with a namespace of its own, over connections of its own, straight to
// a server: kube-apiserver, where it is in between, has no such limits, and is not what is
// attacked.
type tenant struct {
	name, namespace string
	config          *rest.Config
}

func newTenant(ctx context.Context, name string) *tenant {
	GinkgoHelper()
	namespace := framework.Namespace(ctx)
	t := &tenant{name: namespace + "-" + name, namespace: namespace, config: framework.Config}
	if len(framework.Env.Servers) > 0 {
		t.config = framework.Env.Servers[0].Config(framework.Config)
	}
	_, err := framework.Client.RbacV1().RoleBindings(t.namespace).Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "tenant"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: t.name}},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	client := t.client()
	Eventually(ctx, func() (int, error) { return t.send(ctx, client, http.MethodGet, "queries", "") }).WithTimeout(controllerTimeout).Should(Equal(200))
	return t
}

// newClient has connections of its own.
func (t *tenant) newClient() (*http.Client, error) {
	configuration, err := rest.TLSConfigFor(t.config)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: impersonator{t.name, &http.Transport{TLSClientConfig: configuration, ForceAttemptHTTP2: true}}}, nil
}

func (t *tenant) client() *http.Client {
	GinkgoHelper()
	client, err := t.newClient()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(client.CloseIdleConnections)
	return client
}

type impersonator struct {
	user string
	*http.Transport
}

func (i impersonator) RoundTrip(request *http.Request) (*http.Response, error) {
	request.Header.Set("Impersonate-User", i.user)
	return i.Transport.RoundTrip(request)
}

// send makes a request without any second try, and returns the status of the answer when that was
// read.
func (t *tenant) send(ctx context.Context, client *http.Client, method, resource, body string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, t.config.Host+path(t.namespace, resource), strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", jsonType)
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// served is how long requests took, one after the other, of which each has to succeed. It begins
// without any queries, as lists of what the one before created would take longer.
type served struct{ p50, p99 time.Duration }

func (s served) String() string {
	return fmt.Sprintf("p50 %s, p99 %s", s.p50.Round(time.Microsecond), s.p99.Round(time.Microsecond))
}

func (t *tenant) served(ctx context.Context) served {
	GinkgoHelper()
	const requests = 5000
	client := t.client()
	code, err := t.send(ctx, client, http.MethodDelete, "queries", "")
	Expect(err).NotTo(HaveOccurred())
	Expect(code).To(Equal(200))
	var took []time.Duration
	for i := range requests {
		began := time.Now()
		method, body, want := http.MethodGet, "", 200
		if i%3 == 0 {
			q := query("")
			q.GenerateName = "mine-"
			method, body, want = http.MethodPost, jsonOf(q), 201
		}
		code, err := t.send(ctx, client, method, "queries?limit=50", body)
		Expect(err).NotTo(HaveOccurred())
		Expect(code).To(Equal(want), "request %d, after %s", i, time.Since(began))
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return served{took[requests/2], took[requests*99/100]}
}

// residentMegabytes are those of the first server, if it runs here.
func residentMegabytes() int {
	if len(framework.Env.Servers) == 0 || framework.Env.Servers[0].PID == 0 {
		return 0
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", framework.Env.Servers[0].PID))
	Expect(err).NotTo(HaveOccurred())
	var size, resident int
	_, err = fmt.Sscan(string(text), &size, &resident)
	Expect(err).NotTo(HaveOccurred())
	return resident * os.Getpagesize() >> 20
}

// awaitSizes waits until the first server has counted what there is, which it does once a minute:
// what a list costs is estimated by that.
func awaitSizes(ctx context.Context, t *tenant, bytes float64) {
	GinkgoHelper()
	client, err := kubernetes.NewForConfig(t.config)
	Expect(err).NotTo(HaveOccurred())
	Eventually(ctx, func() (float64, error) {
		text, err := client.RESTClient().Get().AbsPath("/metrics").DoRaw(ctx)
		if err != nil {
			return 0, err
		}
		parser := expfmt.NewTextParser(model.UTF8Validation)
		families, err := parser.TextToMetricFamilies(strings.NewReader(string(text)))
		if err != nil {
			return 0, err
		}
		for _, metric := range families["apiserver_resource_size_estimate_bytes"].GetMetric() {
			for _, label := range metric.GetLabel() {
				if label.GetName() == "resource" && label.GetValue() == "queries" {
					return metric.GetGauge().GetValue(), nil
				}
			}
		}
		return 0, nil
	}).WithTimeout(3 * time.Minute).Should(BeNumerically(">", bytes))
}

var _ = Describe("While one user attacks", Serial, framework.Long, func() {
	const kilobyte = 1 << 10
	// fill makes a list of some megabytes.
	fill := func(ctx context.Context, t *tenant) {
		GinkgoHelper()
		inParallel(8, func(i int) {
			for n := i; n < 160; n += 8 {
				q := query(fmt.Sprintf("big-%03d", n))
				q.Spec.Input.Raw = strconv.Quote(strings.Repeat("x", 50*kilobyte))
				created(ctx, t.namespace, q)
			}
		})
	}

	DescribeTable("others are served, and the server's memory has an end", beyondCustomResources, func(ctx context.Context, attack attack) {
		unlessCustomResources("one user may have all that kube-apiserver serves at once")
		alice, mallory := newTenant(ctx, "alice"), newTenant(ctx, "mallory")
		fill(ctx, mallory)
		if attack.Loops > 0 && attack.Method == http.MethodGet {
			awaitSizes(ctx, mallory, 8e6)
		}
		alice.served(ctx) // as long as nothing is known, everything takes longer
		before, memory := alice.served(ctx), residentMegabytes()
		attack.start(ctx, mallory)
		beginning := alice.served(ctx)
		during, grown := alice.served(ctx), residentMegabytes()
		AddReportEntry("latency of others", fmt.Sprintf("%s; when the attack begins %s; while it goes on %s, p99 is %.2f times as long; memory %d MB, then %d MB",
			before, beginning, during, float64(during.p99)/float64(before.p99), memory, grown), ReportEntryVisibilityAlways)
		Expect(grown-memory).To(BeNumerically("<", 1000), "MB")
	},
		Entry("by 3,000 watches", attack{Watches: 3000, Method: http.MethodGet, Resource: "agents?watch=1&resourceVersion=0"}),
		Entry("by 1,000 watches that nobody reads", attack{Connections: 1000, Method: http.MethodGet, Resource: "queries?watch=1&resourceVersion=0"}),
		Entry("by 1,000 watches of the first in an order",
			attack{Watches: 1000, Method: http.MethodGet, Resource: "queries?watch=1&" + fieldSelector("orderBy=-status.duration,first=500")}),
		Entry("by 1,000 bodies that come slowly",
			attack{Connections: 1000, Method: http.MethodPost, Resource: "queries", Headers: "Content-Length: 100000\r\n", Body: `{"apiVersion":`}),
		Entry("by 500 lists that nobody reads", attack{Connections: 500, Method: http.MethodGet, Resource: "queries"}),
		Entry("by requests that don't begin", attack{Connections: 500, Method: http.MethodGet, Resource: "queries", Headers: "X-Never: ends"}),
		Entry("by large lists in a loop", attack{Loops: 32, Method: http.MethodGet, Resource: "queries"}),
		Entry("by expressions in a loop", attack{Loops: 100, Method: http.MethodGet,
			Resource: "queries?" + fieldSelector(`filter=object.spec.input.matches("(x+x+)+y") || object.hasWords("nothing of the kind")`)}),
		Entry("by words and orders in a loop", attack{Loops: 100, Method: http.MethodGet, Resource: "queries?" + fieldSelector("text~=nothing,orderBy=-status.duration")}),
		Entry("by huge bodies in a loop", attack{Loops: 32, Method: http.MethodPost, Resource: "queries", Padding: 2900 * kilobyte}),
		Entry("by bodies that are too large in a loop", attack{Loops: 32, Method: http.MethodPost, Resource: "queries", Padding: 4096 * kilobyte}),
	)
})
