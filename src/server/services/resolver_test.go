package services

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"
)

func TestResolverFindsWhatIsBehindAService(t *testing.T) {
	t.Parallel()
	// Nobody starts these informers: they hold what the test puts in.
	factory := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(&rest.Config{}), 0)
	resolver, err := NewResolver(factory)
	if err != nil {
		t.Fatal(err)
	}
	meta := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Namespace: "default", Name: name, Labels: map[string]string{discoveryv1.LabelServiceName: name}}
	}
	ports := []corev1.ServicePort{{Name: "https", Port: 443}}
	for _, service := range []*corev1.Service{
		{ObjectMeta: meta("written"), Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeClusterIP, ClusterIP: "10.96.0.7", Ports: ports}},
		{ObjectMeta: meta("bare"), Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeClusterIP, ClusterIP: "10.96.0.8", Ports: ports}},
		{ObjectMeta: meta("elsewhere"), Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "api.example.org"}},
	} {
		if err := factory.Core().V1().Services().Informer().GetIndexer().Add(service); err != nil {
			t.Fatal(err)
		}
	}
	err = factory.Discovery().V1().EndpointSlices().Informer().GetIndexer().Add(&discoveryv1.EndpointSlice{
		ObjectMeta:  meta("written"),
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{"192.0.2.7"}}},
		Ports:       []discoveryv1.EndpointPort{{Name: ptr.To("https"), Port: ptr.To[int32](8443)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"written":   "https://192.0.2.7:8443",
		"bare":      "https://bare.default.svc:443",
		"elsewhere": "https://api.example.org:443",
		"unknown":   "https://unknown.default.svc:443",
	} {
		address, err := resolver.ResolveEndpoint("default", name, 443)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if address.String() != want {
			t.Errorf("%s is at %s, not %s", name, address, want)
		}
	}
}
