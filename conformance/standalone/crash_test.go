package standalone_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

const (
	writers = 3
	// enough acknowledged writes for a crash to hit others that are under way.
	enough = 60
)

// writing is goroutines that create agents without end.
type writing struct {
	mu           sync.Mutex
	acknowledged []string
	running      sync.WaitGroup
	cancel       context.CancelFunc
}

func (s *server) startWriting(ctx context.Context) *writing {
	GinkgoHelper()
	w := &writing{}
	ctx, w.cancel = context.WithCancel(ctx)
	agents := s.ark().Agents(metav1.NamespaceDefault)
	for writer := range writers {
		// Ends with the first write that fails.
		w.running.Go(func() {
			for i := 0; ; i++ {
				agent := newAgent(fmt.Sprintf("agent-%d-%d", writer, i))
				if _, err := agents.Create(ctx, agent, metav1.CreateOptions{}); err != nil {
					return
				}
				w.mu.Lock()
				w.acknowledged = append(w.acknowledged, agent.Name)
				w.mu.Unlock()
			}
		})
	}
	Eventually(ctx, func() int { return len(w.names()) }).Should(BeNumerically(">=", enough))
	return w
}

// names are those of the agents that the server says are stored.
func (w *writing) names() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.acknowledged)
}

func (w *writing) stop() {
	w.cancel()
	w.running.Wait()
}

var _ = Describe("An acknowledged write", func() {
	// survives wants all of them, and revisions to go on.
	survives := func(ctx context.Context, s *server, acknowledged []string) {
		GinkgoHelper()
		list, err := s.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		next := revision(s.createAgent(ctx, "after"))
		var names []string
		for _, agent := range list.Items {
			names = append(names, agent.Name)
			Expect(revision(&agent)).To(BeNumerically("<", next))
		}
		Expect(names).To(ContainElements(acknowledged))
	}

	It("survives a server that is killed while it writes (kill -9)", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		first := start(ctx, dir, database)
		writing := first.startWriting(ctx)
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		writing.stop()
		survives(ctx, start(ctx, dir, database), writing.names())
	})

	It("survives a database that is killed while it writes (kill -9)", framework.OnDatabaseServer, func(ctx context.Context) {
		db, database := newDatabaseServer()
		s := start(ctx, newDir(), database)
		writing := s.startWriting(ctx)
		db.Kill(GinkgoTB())
		writing.stop()
		db.Start(GinkgoTB())
		s.recovers(ctx)
		survives(ctx, s, writing.names())
	})
})
