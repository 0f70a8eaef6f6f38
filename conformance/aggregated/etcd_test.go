package aggregated_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	clientv3 "go.etcd.io/etcd/client/v3"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("The cluster's etcd", Serial, func() {
	DescribeTable("sees nothing of writes to the Ark API", func(ctx context.Context, objects int) {
		const writesEach, writers = 4, 32
		namespace := framework.Namespace(ctx)
		etcd := openEtcd()
		awaitDeletions(ctx)

		before := stateOf(ctx, etcd)
		watching, stopWatching := context.WithCancel(ctx)
		changes := etcd.Watch(watching, "", clientv3.WithPrefix(), clientv3.WithRev(before.revision+1))
		began := time.Now()
		var group errgroup.Group
		group.SetLimit(writers)
		for i := range objects {
			group.Go(func() error { return writeFourTimes(ctx, namespace, fmt.Sprintf("query-%d", i)) })
		}
		Expect(group.Wait()).To(Succeed())
		took := time.Since(began)
		after := stateOf(ctx, etcd)
		changed := resourcesOf(changes, after.revision, stopWatching)

		// As long again, with nobody writing.
		timer := time.NewTimer(took)
		defer timer.Stop()
		Eventually(timer.C).WithTimeout(took + time.Minute).Should(Receive())
		idle := stateOf(ctx, etcd)

		AddReportEntry("etcd", fmt.Sprintf("%d writes to the Ark API in %s: etcd went from %d keys at revision %d to %d keys at revision %d, "+
			"then in as long without any write to %d keys at revision %d. Written meanwhile: %s.",
			objects*writesEach, took.Round(time.Millisecond), before.keys, before.revision, after.keys, after.revision, idle.keys, idle.revision,
			strings.Join(changed, ", ")), ReportEntryVisibilityAlways)
		Expect(after.ark).To(BeEmpty(), "keys of Ark resources")
		for _, resource := range changed {
			Expect(resource).NotTo(ContainSubstring("ark.ai"))
			Expect(resource).To(BeElementOf(ownWrites), "the control plane does not write this by itself")
		}
	},
		Entry("1,000 of them", 250),
		Entry("10,000 of them", framework.Long, 2500),
	)
})

// awaitDeletions waits until the namespaces of other specs are gone, with whatever is in them.
func awaitDeletions(ctx context.Context) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		namespaces, err := framework.Client.CoreV1().Namespaces().List(ctx, metav1.ListOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		for _, namespace := range namespaces.Items {
			g.Expect(namespace.DeletionTimestamp).To(BeNil(), "namespace %s is being deleted", namespace.Name)
		}
	}).WithTimeout(3 * time.Minute).WithPolling(time.Second).Should(Succeed())
}

// ownWrites are the resources that a control plane writes with nobody asking it to: heartbeats,
// what follows from a new namespace, and what kube-apiserver makes sure is there once it has
// started.
var ownWrites = []any{
	"leases", "masterleases", "peerserverleases", "services/endpoints", "endpointslices", "configmaps", "serviceaccounts",
	"namespaces", "events", "roles", "rolebindings",
	"clusterroles", "clusterrolebindings", "flowschemas", "prioritylevelconfigurations",
}

func writeFourTimes(ctx context.Context, namespace, name string) error {
	queries := framework.Ark.ArkV1alpha1().Queries(namespace)
	query, err := queries.Create(ctx, newQuery(name), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	query.Status.Phase = "running"
	if query, err = queries.UpdateStatus(ctx, query, metav1.UpdateOptions{}); err != nil {
		return err
	}
	query.Status.Phase = "done"
	if _, err = queries.UpdateStatus(ctx, query, metav1.UpdateOptions{}); err != nil {
		return err
	}
	return queries.Delete(ctx, name, metav1.DeleteOptions{})
}

// openEtcd is a client of the cluster's etcd until the spec ends.
func openEtcd() *clientv3.Client {
	GinkgoHelper()
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{framework.Env.Etcd}, DialTimeout: 10 * time.Second})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(etcd.Close)
	return etcd
}

// etcdState is what etcd has at a moment.
type etcdState struct {
	revision int64
	keys     int
	ark      []string // keys of Ark resources
}

func stateOf(ctx context.Context, etcd *clientv3.Client) etcdState {
	GinkgoHelper()
	response, err := etcd.Get(ctx, "", clientv3.WithPrefix(), clientv3.WithKeysOnly())
	Expect(err).NotTo(HaveOccurred())
	state := etcdState{revision: response.Header.Revision, keys: len(response.Kvs)}
	for _, pair := range response.Kvs {
		if strings.HasPrefix(string(pair.Key), "/registry/"+v1alpha1.GroupName+"/") {
			state.ark = append(state.ark, string(pair.Key))
		}
	}
	return state
}

// resourcesOf are the resources whose keys changed up to a revision.
func resourcesOf(changes clientv3.WatchChan, revision int64, stop func()) []string {
	seen := make(map[string]struct{})
	var once sync.Once
	defer once.Do(stop)
	for response := range changes {
		for _, event := range response.Events {
			if event.Kv.ModRevision > revision {
				return slices.Sorted(maps.Keys(seen))
			}
			seen[resourceOf(string(event.Kv.Key))] = struct{}{}
			if event.Kv.ModRevision == revision {
				return slices.Sorted(maps.Keys(seen))
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// resourceOf is the part of a key that names the resource.
func resourceOf(key string) string {
	parts := strings.Split(strings.TrimPrefix(key, "/registry/"), "/")
	if strings.Contains(parts[0], ".") && len(parts) > 1 || parts[0] == "services" {
		return strings.Join(parts[:2], "/")
	}
	return parts[0]
}

func newQuery(name string) *v1alpha1.Query {
	return &v1alpha1.Query{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.QuerySpec{
			Input:  &v1alpha1.JSON{Raw: `"What is the weather in Lisbon?"`},
			Target: &v1alpha1.QueryTarget{Type: "agent", Name: "weather"},
		},
	}
}
