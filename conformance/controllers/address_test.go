package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

var _ = Describe("An address that is a port of a Service", func() {
	DescribeTable("is resolved, and written into the status of",
		func(ctx context.Context, make func(metav1.ObjectMeta, *v1alpha1.ValueSource) (client.Object, func() string)) {
			s := newEmptyScene(ctx, 2)
			s.start("--discovery")
			// A namespace of its own for the service, to be named by the reference.
			service := &corev1.Service{ObjectMeta: s.meta(s.namespaces[1], "house"), Spec: corev1.ServiceSpec{
				Ports: []corev1.ServicePort{{Name: "metrics", Port: 9090}, {Name: "http", Port: 8080}},
			}}
			s.create(ctx, service)
			o, resolved := make(s.meta(s.namespaces[0], "it"), &v1alpha1.ValueSource{ValueFrom: &v1alpha1.ValueFrom{ServiceRef: &v1alpha1.ServiceRef{
				Name: service.Name, Namespace: new(service.Namespace), Port: new("http"), Path: new("v1"),
			}}})
			s.create(ctx, o)
			Eventually(func(g Gomega) string {
				g.Expect(s.Get(ctx, client.ObjectKeyFromObject(o), o)).To(Succeed())
				return resolved()
			}).Should(Equal(fmt.Sprintf("http://house.%s.svc.cluster.local:8080/v1", service.Namespace)))
		},
		Entry("a Memory", func(meta metav1.ObjectMeta, address *v1alpha1.ValueSource) (client.Object, func() string) {
			memory := &v1alpha1.Memory{ObjectMeta: meta, Spec: v1alpha1.MemorySpec{Address: address}}
			return memory, func() string { return memory.Status.LastResolvedAddress }
		}),
		Entry("an MCPServer", func(meta metav1.ObjectMeta, address *v1alpha1.ValueSource) (client.Object, func() string) {
			server := &v1alpha1.MCPServer{ObjectMeta: meta, Spec: v1alpha1.MCPServerSpec{Address: address}}
			return server, func() string { return server.Status.ResolvedAddress }
		}),
		Entry("an A2AServer", func(meta metav1.ObjectMeta, address *v1alpha1.ValueSource) (client.Object, func() string) {
			server := &v1prealpha1.A2AServer{ObjectMeta: meta, Spec: v1alpha1.A2AServerSpec{Address: address}}
			return server, func() string { return server.Status.LastResolvedAddress }
		}),
		Entry("an ExecutionEngine", func(meta metav1.ObjectMeta, address *v1alpha1.ValueSource) (client.Object, func() string) {
			engine := &v1prealpha1.ExecutionEngine{ObjectMeta: meta, Spec: v1alpha1.ExecutionEngineSpec{Address: address}}
			return engine, func() string { return engine.Status.LastResolvedAddress }
		}),
	)

	It("makes a Memory wait until the Service exists, and has the port", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		namespace := s.namespaces[0]
		s.start("--discovery")
		memory := &v1alpha1.Memory{ObjectMeta: s.meta(namespace, "it"), Spec: v1alpha1.MemorySpec{Address: &v1alpha1.ValueSource{
			ValueFrom: &v1alpha1.ValueFrom{ServiceRef: &v1alpha1.ServiceRef{Name: "house", Port: new("http")}},
		}}}
		is := func(phase v1alpha1.MemoryPhase, message string) {
			GinkgoHelper()
			Eventually(func(g Gomega) {
				g.Expect(s.Get(ctx, client.ObjectKeyFromObject(memory), memory)).To(Succeed())
				g.Expect(memory.Status).To(And(HaveField("Phase", phase), HaveField("Message", message)))
			}).Should(Succeed())
		}
		s.create(ctx, memory)
		is(v1alpha1.MemoryError, `services "house" not found`)

		service := &corev1.Service{ObjectMeta: s.meta(namespace, "house"), Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: "metrics", Port: 9090}}}}
		s.create(ctx, service)
		is(v1alpha1.MemoryError, "service house has no port http")

		service.Spec.Ports = append(service.Spec.Ports, corev1.ServicePort{Name: "http", Port: 8080})
		Expect(s.Update(ctx, service)).To(Succeed())
		is(v1alpha1.MemoryReady, "")
		Expect(memory.Status.LastResolvedAddress).To(Equal(fmt.Sprintf("http://house.%s.svc.cluster.local:8080", namespace)))
	})
})
