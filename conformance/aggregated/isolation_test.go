package aggregated_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	clientv3 "go.etcd.io/etcd/client/v3"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// neighbor works with queries as fast as a server can, in a process of its own, so that what it
// costs a client is not measured.
type neighbor struct {
	Kubeconfig, Group, Namespace string
}

func TestMain(m *testing.M) { framework.Main(m, neighbor.run) }

var _ = Describe("Kubernetes beside the Ark API at full speed", Serial, framework.Long, func() {
	It("has its latency measured, and etcd nothing to do with it", func(ctx context.Context) {
		const rounds = 3
		installDefinition(ctx, "queries."+latencyGroup)
		others := separate()
		own, theirs := framework.Namespace(ctx), framework.Namespace(ctx)
		work := newSteadyWork(ctx, own)
		etcd := openEtcd()

		ways := []struct{ name, group string }{{"nobody", ""}, {"Ark", v1alpha1.GroupName}, {"custom resources", latencyGroup}}
		found := make([][]beside, len(ways))
		for range rounds {
			for i, way := range ways {
				before := stateOf(ctx, etcd)
				written := count(ctx, etcd, before.revision, way.group)
				stop := func() int { return 0 }
				if way.group != "" {
					stop = neighbor{framework.Env.Kubeconfig, way.group, theirs}.start(ctx, &others)
				}
				times := work.do(ctx)
				writes := stop()
				after := stateOf(ctx, etcd)
				found[i] = append(found[i], beside{times, writes, written(), after.revision - before.revision})
			}
		}
		var lines []string
		for i, way := range ways {
			lines = append(lines, fmt.Sprintf("beside %s: %s", way.name, describe(found[i], found[0])))
		}
		AddReportEntry("isolation", strings.Join(lines, "\n"), ReportEntryVisibilityAlways)
		for _, f := range found[1] {
			Expect(f.writes).To(BeNumerically(">", 0))
			Expect(f.keys).To(BeZero(), "changes of Ark's keys in etcd")
		}
		for _, f := range found[2] {
			Expect(f.keys).To(BeNumerically(">=", f.writes), "changes of custom resources in etcd")
		}
	})
})

// beside is what Kubernetes' own objects met beside somebody.
type beside struct {
	latencies
	// writes of the neighbor, changes of its keys in etcd, and changes of any key there.
	writes, keys int
	changes      int64
}

// describe rounds by their medians, and as multiples of others.
func describe(rounds, quiet []beside) string {
	middle := func(of []beside, value func(beside) float64) float64 {
		values := make([]float64, len(of))
		for i, b := range of {
			values[i] = value(b)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	p50 := func(b beside) float64 { return b.p50.Seconds() * 1e3 }
	p99 := func(b beside) float64 { return b.p99.Seconds() * 1e3 }
	total := func(value func(beside) int64) (sum int64) {
		for _, b := range rounds {
			sum += value(b)
		}
		return sum
	}
	return fmt.Sprintf("p50 %.2f ms (%.2f times), p99 %.2f ms (%.2f times); %d writes of its own, %d changes of its keys in etcd, %d of all keys",
		middle(rounds, p50), middle(rounds, p50)/middle(quiet, p50), middle(rounds, p99), middle(rounds, p99)/middle(quiet, p99),
		total(func(b beside) int64 { return int64(b.writes) }), total(func(b beside) int64 { return int64(b.keys) }),
		total(func(b beside) int64 { return b.changes }))
}

// separate gives Kubernetes and this process one half of the processors, and everybody else the
// other, which it returns, so that it is not for processors that they compete. One processor they
// share.
func separate() (others unix.CPUSet) {
	GinkgoHelper()
	var kubernetes unix.CPUSet
	Expect(unix.SchedGetaffinity(0, &others)).To(Succeed())
	half := others.Count() / 2
	if half == 0 {
		return others
	}
	for cpu := 0; half > 0; cpu++ {
		if others.IsSet(cpu) {
			others.Clear(cpu)
			kubernetes.Set(cpu)
			half--
		}
	}
	pin(os.Getpid(), &kubernetes)
	for _, pid := range framework.Env.Processes {
		pin(pid, &kubernetes)
	}
	for _, server := range framework.Env.Servers {
		pin(server.PID, &others)
	}
	return others
}

func pin(pid int, processors *unix.CPUSet) {
	GinkgoHelper()
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	Expect(err).NotTo(HaveOccurred())
	for _, thread := range threads {
		var id int
		_, err := fmt.Sscan(thread.Name(), &id)
		Expect(err).NotTo(HaveOccurred())
		if err := unix.SchedSetaffinity(id, processors); err != unix.ESRCH {
			Expect(err).NotTo(HaveOccurred())
		}
	}
}

// steadyWork is what a cluster has to do anyway: ConfigMaps and the statuses of pods that change.
type steadyWork struct {
	namespace string
	round     int
}

const steadyObjects = 20

func newSteadyWork(ctx context.Context, namespace string) *steadyWork {
	GinkgoHelper()
	Eventually(ctx, func() error {
		_, err := framework.Client.CoreV1().ServiceAccounts(namespace).Get(ctx, "default", metav1.GetOptions{})
		return err
	}).WithTimeout(readyTimeout).Should(Succeed())
	for i := range steadyObjects {
		name := metav1.ObjectMeta{Name: fmt.Sprintf("steady-%d", i)}
		_, err := framework.Client.CoreV1().ConfigMaps(namespace).Create(ctx, &corev1.ConfigMap{ObjectMeta: name}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, err = framework.Client.CoreV1().Pods(namespace).Create(ctx, &corev1.Pod{
			ObjectMeta: name,
			Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "main"}}},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
	}
	return &steadyWork{namespace: namespace}
}

// do changes objects at a rate that a cluster bears easily, whoever else is there.
func (w *steadyWork) do(ctx context.Context) latencies {
	GinkgoHelper()
	const duration, interval = 10 * time.Second, 20 * time.Millisecond
	w.round++
	var mu sync.Mutex
	var times []time.Duration
	group, ctx := errgroup.WithContext(ctx)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for i := range int(duration / interval) {
		<-tick.C
		group.Go(func() error {
			name, value := fmt.Sprintf("steady-%d", i/2%steadyObjects), fmt.Sprintf("%d-%d", w.round, i)
			began := time.Now()
			var err error
			if i%2 == 0 {
				_, err = framework.Client.CoreV1().ConfigMaps(w.namespace).Patch(ctx, name, types.MergePatchType,
					fmt.Appendf(nil, `{"data":{"value":%q}}`, value), metav1.PatchOptions{})
			} else {
				_, err = framework.Client.CoreV1().Pods(w.namespace).Patch(ctx, name, types.MergePatchType,
					fmt.Appendf(nil, `{"status":{"message":%q}}`, value), metav1.PatchOptions{}, "status")
			}
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Since(began))
			return err
		})
	}
	Expect(group.Wait()).To(Succeed())
	return latenciesOf(times)
}

// count returns a function that returns how many changes there were of the keys of a group.
func count(ctx context.Context, etcd *clientv3.Client, revision int64, group string) func() int {
	if group == "" {
		return func() int { return 0 }
	}
	watching, stop := context.WithCancel(ctx)
	prefix := "/registry/" + group + "/"
	changes := etcd.Watch(watching, prefix, clientv3.WithPrefix(), clientv3.WithRev(revision+1), clientv3.WithProgressNotify())
	var seen atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for response := range changes {
			seen.Add(int64(len(response.Events)))
		}
	}()
	return func() int {
		// What was written just now is on its way.
		for last := int64(-1); last != seen.Load(); time.Sleep(time.Second) {
			last = seen.Load()
		}
		stop()
		<-done
		return int(seen.Load())
	}
}

// start has the neighbor work on some processors, and returns what ends it and says how much it has
// written.
func (n neighbor) start(ctx context.Context, processors *unix.CPUSet) func() int {
	GinkgoHelper()
	process := framework.StartProcess(ctx, n)
	pin(process.PID, processors)
	return func() int {
		GinkgoHelper()
		process.Finish()
		var writes int
		_, err := fmt.Fscan(process.Output, &writes)
		Expect(err).NotTo(HaveOccurred())
		process.Wait()
		return writes
	}
}

// run works until it is to end, and prints how much it has written.
func (n neighbor) run(finished func() error) error {
	config, err := clientcmd.BuildConfigFromFlags("", n.Kubeconfig)
	if err != nil {
		return err
	}
	config.QPS = -1 // no limit
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	queries := client.Resource(schema.GroupVersionResource{
		Group: n.Group, Version: v1alpha1.SchemeGroupVersion.Version, Resource: "queries",
	}).Namespace(n.Namespace)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var writes atomic.Int64
	var group errgroup.Group
	for i := range 16 {
		group.Go(func() error {
			for round := 0; ctx.Err() == nil; round++ {
				if err := live(queries, queryOf(n.Group, fmt.Sprintf("query-%d-%d", i, round)), &writes); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := finished(); err != nil {
		return err
	}
	stop()
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Println(writes.Load())
	return nil
}

// live is the life of a query, in four writes, which ends well whatever happens meanwhile.
func live(queries dynamic.ResourceInterface, query *unstructured.Unstructured, writes *atomic.Int64) error {
	ctx := context.Background()
	if _, err := queries.Create(ctx, query, metav1.CreateOptions{}); err != nil {
		return err
	}
	for _, phase := range []string{"running", "done"} {
		patch := fmt.Appendf(nil, `{"status":{"phase":%q}}`, phase)
		if _, err := queries.Patch(ctx, query.GetName(), types.MergePatchType, patch, metav1.PatchOptions{}, "status"); err != nil {
			return err
		}
	}
	writes.Add(4)
	return queries.Delete(ctx, query.GetName(), metav1.DeleteOptions{})
}

func queryOf(group, name string) *unstructured.Unstructured {
	return objectOf(group, "Query", name, map[string]any{
		"input":  strings.Repeat("What is the weather in Lisbon? ", 40),
		"target": map[string]any{"type": "agent", "name": "weather"},
	})
}
