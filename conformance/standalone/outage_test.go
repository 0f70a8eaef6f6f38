package standalone_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	"ark.ai/apiserver/src/generated/informers/externalversions"
)

// recovers waits until the server says that it is well.
func (s *server) recovers(ctx context.Context) {
	GinkgoHelper()
	Eventually(ctx, func() string { _, text := s.read(ctx, "/readyz"); return text }).Should(Equal("ok"))
}

var _ = Describe("A server whose database is stopped", framework.OnDatabaseServer, func() {
	// outage is a server that has an agent "before", and knows that its database is gone.
	outage := func(ctx context.Context) (*server, databaseServer) {
		GinkgoHelper()
		db, database := newDatabaseServer()
		s := start(ctx, newDir(), database)
		s.createAgent(ctx, "before")
		return s, db
	}
	stop := func(ctx context.Context, s *server, db databaseServer) {
		GinkgoHelper()
		db.Stop(GinkgoTB())
		Eventually(ctx, func() string { _, text := s.read(ctx, "/readyz?verbose"); return text }).Should(ContainSubstring("[-]database failed"))
	}

	It("is alive, not ready, and asks clients to try again", func(ctx context.Context) {
		s, db := outage(ctx)
		stop(ctx, s, db)
		_, text := s.read(ctx, "/livez?verbose")
		Expect(text).To(ContainSubstring("livez check passed"))
		config := s.config()
		// Unlike client-go it does not try again.
		client, err := rest.HTTPClientFor(config)
		Expect(err).NotTo(HaveOccurred())
		for _, request := range []struct{ method, path, body string }{
			{http.MethodGet, "", ""},
			{http.MethodGet, "/before", ""},
			{http.MethodPost, "", `{"apiVersion":"ark.ai/v1alpha1","kind":"Agent","metadata":{"name":"during"}}`},
			{http.MethodDelete, "/before", ""},
		} {
			By(request.method + " agents" + request.path)
			sent, err := http.NewRequestWithContext(ctx, request.method, config.Host+"/apis/ark.ai/v1alpha1/namespaces/default/agents"+request.path,
				strings.NewReader(request.body))
			Expect(err).NotTo(HaveOccurred())
			sent.Header.Set("Content-Type", "application/json")
			response, err := client.Do(sent)
			Expect(err).NotTo(HaveOccurred())
			Expect(response.Body.Close()).To(Succeed())
			Expect(response).To(HaveHTTPStatus(http.StatusServiceUnavailable))
			Expect(response).To(HaveHTTPHeaderWithValue("Retry-After", MatchRegexp(`^\d+$`)))
		}
	})

	It("heals when the database is back: reads, writes, informers and controllers", func(ctx context.Context) {
		s, db := outage(ctx)
		factory := externalversions.NewSharedInformerFactory(versioned.NewForConfigOrDie(s.config()), 0)
		informer := factory.Ark().V1alpha1().Agents().Informer()
		var added, deleted atomic.Int64
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(any) { added.Add(1) },
			DeleteFunc: func(any) { deleted.Add(1) },
		})
		Expect(err).NotTo(HaveOccurred())
		factory.StartWithContext(ctx)
		Eventually(ctx, added.Load).Should(BeEquivalentTo(1))

		stop(ctx, s, db)
		db.Start(GinkgoTB())
		s.recovers(ctx)
		s.createAgent(ctx, "after")
		Expect(s.agents(ctx)).To(Equal([]string{"after", "before"}))
		Eventually(ctx, added.Load).Should(BeEquivalentTo(2))
		Expect(deleted.Load()).To(BeZero())
		s.completesNamespace(ctx, "new")
		s.endsWith(ctx, syscall.SIGTERM, 0)
	})

	It("ends well nevertheless when it is told to", func(ctx context.Context) {
		s, db := outage(ctx)
		stop(ctx, s, db)
		s.endsWith(ctx, syscall.SIGTERM, 0)
	})
})
