package aggregated_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Health and metrics", func() {
	It("has named checks for the database, the log of changes and what it knows of the cluster", func(ctx context.Context) {
		s := start(ctx)
		for _, check := range []string{"database", "log-tail", "informer-sync", "poststarthook/start-apiserver-admission-initializer"} {
			Expect(s.read(ctx, "/readyz/"+check)).To(Equal("ok"), check)
			Expect(s.read(ctx, "/readyz?verbose")).To(ContainSubstring("[+]" + check + " ok"))
		}
		Expect(s.read(ctx, "/livez?verbose")).To(And(ContainSubstring("[+]database ok"), ContainSubstring("[+]loopback-serving-certificate ok")))
	})

	It("shows its metrics to administrators only", func(ctx context.Context) {
		s := start(ctx)
		status, _ := s.get(ctx, "/metrics")
		Expect(status).To(Equal(http.StatusForbidden))
		metrics := s.read(ctx, "/metrics")
		for _, name := range []string{
			"ark_storage_operation_duration_seconds", "ark_storage_revision",
			"apiserver_request_total", "apiserver_flowcontrol_",
		} {
			Expect(metrics).To(ContainSubstring(name))
		}
	})
})
