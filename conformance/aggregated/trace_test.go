package aggregated_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Traces", func() {
	It("go to the collector that the configuration names", func(ctx context.Context) {
		received := &collector{spans: make(chan *tracev1.ResourceSpans, 1000)}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		endpoint := grpc.NewServer()
		collectortrace.RegisterTraceServiceServer(endpoint, received)
		go func() {
			defer GinkgoRecover()
			Expect(endpoint.Serve(listener)).To(Succeed())
		}()
		DeferCleanup(endpoint.Stop)
		configuration := filepath.Join(GinkgoT().TempDir(), "tracing.yaml")
		Expect(os.WriteFile(configuration, fmt.Appendf(nil,
			"apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\nendpoint: %s\nsamplingRatePerMillion: 1000000\n", listener.Addr()), 0o600)).To(Succeed())

		s := start(ctx, "--tracing-config-file", configuration)
		namespace := framework.Namespace(ctx)
		_, err = s.administrator().ArkV1alpha1().Queries(namespace).Create(ctx, newQuery("traced"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())

		Eventually(received.spans).WithTimeout(readyTimeout).Should(Receive(WithTransform(namesOf, ContainElement("Create"))))
	})
})

// collector of traces.
type collector struct {
	collectortrace.UnimplementedTraceServiceServer
	spans chan *tracev1.ResourceSpans
}

// Export implements collectortrace.TraceServiceServer.
func (c *collector) Export(ctx context.Context, request *collectortrace.ExportTraceServiceRequest) (*collectortrace.ExportTraceServiceResponse, error) {
	for _, spans := range request.ResourceSpans {
		select {
		case c.spans <- spans:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &collectortrace.ExportTraceServiceResponse{}, nil
}

// namesOf are those of the spans, if ark-apiserver sent them.
func namesOf(of *tracev1.ResourceSpans) []string {
	if !slices.ContainsFunc(of.GetResource().GetAttributes(), func(attribute *commonv1.KeyValue) bool {
		return attribute.Key == "service.instance.id" && strings.HasPrefix(attribute.Value.GetStringValue(), "ark-apiserver_")
	}) {
		return nil
	}
	var names []string
	for _, scope := range of.ScopeSpans {
		for _, span := range scope.Spans {
			names = append(names, span.Name)
		}
	}
	return names
}
