package standalone_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	aggregatorclient "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// service has a port, and what else change says.
func service(name string, change func(*corev1.ServiceSpec)) *corev1.Service {
	service := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(8080)}}},
	}
	if change != nil {
		change(&service.Spec)
	}
	return service
}

func onNodes(spec *corev1.ServiceSpec)  { spec.Type = corev1.ServiceTypeNodePort }
func headless(spec *corev1.ServiceSpec) { spec.ClusterIP = corev1.ClusterIPNone }
func elsewhere(spec *corev1.ServiceSpec) {
	spec.Type, spec.ExternalName, spec.Ports = corev1.ServiceTypeExternalName, "memory.example.org", nil
}

// serve creates a service.
func (s *runningServer) serve(t *testing.T, namespace string, service *corev1.Service) *corev1.Service {
	t.Helper()
	created, err := s.clients.CoreV1().Services(namespace).Create(t.Context(), service, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("creating service %s: %v", service.Name, err)
	}
	return created
}

func hasClusterIP(t *testing.T, service *corev1.Service) {
	t.Helper()
	address, err := netip.ParseAddr(service.Spec.ClusterIP)
	if err != nil || !netip.MustParsePrefix("10.96.0.0/12").Contains(address) {
		t.Errorf("service %s has cluster IP %q", service.Name, service.Spec.ClusterIP)
	}
}

func TestServicesHaveTheAddressesOfTheirType(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	hasClusterIP(t, shared.serve(t, namespace, service("plain", nil)))
	balanced := shared.serve(t, namespace, service("balanced", func(spec *corev1.ServiceSpec) { spec.Type = corev1.ServiceTypeLoadBalancer }))
	hasClusterIP(t, balanced)
	if port := balanced.Spec.Ports[0].NodePort; port < 30000 || port > 32767 {
		t.Errorf("node port %d", port)
	}
	if address := shared.serve(t, namespace, service("headless", headless)).Spec.ClusterIP; address != corev1.ClusterIPNone {
		t.Errorf("cluster IP %q of a headless service", address)
	}
	if address := shared.serve(t, namespace, service("elsewhere", elsewhere)).Spec.ClusterIP; address != "" {
		t.Errorf("cluster IP %q of another name", address)
	}
	changed, err := shared.clients.CoreV1().Services(namespace).Patch(t.Context(), "elsewhere", types.MergePatchType,
		[]byte(`{"spec":{"type":"ClusterIP","externalName":null,"ports":[{"port":80}]}}`), metav1.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	hasClusterIP(t, changed)
}

func TestAddressesOfServicesAreTakenOnce(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	services := shared.clients.CoreV1().Services(namespace)
	first := shared.serve(t, namespace, service("first", onNodes))
	for what, second := range map[string]*corev1.Service{
		"cluster IP": service("second", func(spec *corev1.ServiceSpec) { spec.ClusterIP = first.Spec.ClusterIP }),
		"node port": service("second", func(spec *corev1.ServiceSpec) {
			onNodes(spec)
			spec.Ports[0].NodePort = first.Spec.Ports[0].NodePort
		}),
	} {
		if _, err := services.Create(t.Context(), second, metav1.CreateOptions{}); !apierrors.IsInvalid(err) {
			t.Errorf("the %s of another service: %v, not invalid", what, err)
		}
	}
	if err := services.Delete(t.Context(), "first", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	shared.serve(t, namespace, service("second", func(spec *corev1.ServiceSpec) {
		onNodes(spec)
		spec.ClusterIP, spec.Ports[0].NodePort = first.Spec.ClusterIP, first.Spec.Ports[0].NodePort
	}))
}

func TestADryRunTakesNoAddress(t *testing.T) {
	t.Parallel()
	services := shared.clients.CoreV1().Services(shared.namespace(t))
	dryRun := metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}
	imagined, err := services.Create(t.Context(), service("imagined", onNodes), dryRun)
	if err != nil {
		t.Fatal(err)
	}
	if imagined.Spec.ClusterIP == "" || imagined.Spec.Ports[0].NodePort == 0 {
		t.Errorf("it does not show what a service gets: %v", imagined.Spec)
	}
	if _, err := services.Get(t.Context(), "imagined", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("it is stored: %v", err)
	}
}

// TestReplicasGiveDifferentAddresses asks for node ports by number too: two servers that do not
// know of each other would rarely choose the same.
func TestReplicasGiveDifferentAddresses(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	replicas := []*runningServer{
		mustStart(t, onPostgreSQL(t, t.TempDir(), database)),
		mustStart(t, onPostgreSQL(t, t.TempDir(), database)),
	}
	for _, replica := range replicas {
		defer replica.mustStop(t)
	}
	// Servers choose others than the first ports of the range.
	const services, contested = 20, 30000
	var (
		mu      sync.Mutex
		made    []*corev1.Service
		refused int
		running sync.WaitGroup
	)
	create := func(replica *runningServer, service *corev1.Service) {
		created, err := replica.clients.CoreV1().Services(metav1.NamespaceDefault).Create(t.Context(), service, metav1.CreateOptions{})
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			made = append(made, created)
		case apierrors.IsInvalid(err):
			refused++
		default:
			t.Error(err)
		}
	}
	for i := range services {
		for r, replica := range replicas {
			running.Go(func() {
				create(replica, service(fmt.Sprintf("service-%d-%d", r, i), func(spec *corev1.ServiceSpec) {
					onNodes(spec)
					spec.Ports = append(spec.Ports, corev1.ServicePort{Name: "contested", Port: 81, NodePort: contested + int32(i)})
				}))
			})
		}
	}
	running.Wait()
	if len(made) != services || refused != services {
		t.Errorf("%d made and %d refused, of %d for each of two replicas", len(made), refused, services)
	}
	owners := map[string]string{}
	for _, service := range made {
		addresses := []string{service.Spec.ClusterIP}
		for _, port := range service.Spec.Ports {
			addresses = append(addresses, strconv.Itoa(int(port.NodePort)))
		}
		for _, address := range addresses {
			if owner, taken := owners[address]; taken {
				t.Errorf("%s and %s have %s", owner, service.Name, address)
			}
			owners[address] = service.Name
		}
	}
}

func TestAddressesSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := mustStart(t, options(dir))
	survivor := server.serve(t, metav1.NamespaceDefault, service("survivor", onNodes))
	// As if it had been lost.
	if err := server.clients.NetworkingV1().IPAddresses().Delete(t.Context(), survivor.Spec.ClusterIP, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	server.mustStop(t)

	server = mustStart(t, options(dir))
	defer server.mustStop(t)
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		address, err := server.clients.NetworkingV1().IPAddresses().Get(ctx, survivor.Spec.ClusterIP, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if parent := address.Spec.ParentRef; parent == nil || parent.Name != "survivor" {
			return fmt.Errorf("the address belongs to %v", parent)
		}
		return nil
	})
	_, err := server.clients.CoreV1().Services(metav1.NamespaceDefault).Create(t.Context(), service("other", func(spec *corev1.ServiceSpec) {
		onNodes(spec)
		spec.Ports[0].NodePort = survivor.Spec.Ports[0].NodePort
	}), metav1.CreateOptions{})
	if !apierrors.IsInvalid(err) {
		t.Errorf("the node port of a service from before: %v, not invalid", err)
	}
}

func TestEndpointsBecomeEndpointSlices(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	shared.serve(t, namespace, service("memory", nil))
	_, err := shared.clients.CoreV1().Endpoints(namespace).Create(t.Context(), &corev1.Endpoints{ //nolint:staticcheck // clients still write them
		ObjectMeta: metav1.ObjectMeta{Name: "memory"},
		Subsets: []corev1.EndpointSubset{{ //nolint:staticcheck
			Addresses: []corev1.EndpointAddress{{IP: "192.0.2.7"}},
			Ports:     []corev1.EndpointPort{{Name: "http", Port: 8080}},
		}},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		slices, err := shared.clients.DiscoveryV1().EndpointSlices(namespace).List(ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=memory"})
		if err != nil {
			return err
		}
		if len(slices.Items) != 1 || slices.Items[0].Endpoints[0].Addresses[0] != "192.0.2.7" {
			return fmt.Errorf("slices %v", slices.Items)
		}
		return nil
	})
}

func TestAPIServicesLeadToTheirService(t *testing.T) {
	t.Parallel()
	// An API server of the group, as far as discovery asks it.
	remote := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/apis/bakery.example.org/v1" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"bakery.example.org/v1","resources":[]}`)
	}))
	defer remote.Close()
	_, text, err := net.SplitHostPort(remote.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	port := int32(number)

	client, err := aggregatorclient.NewForConfig(shared.config)
	if err != nil {
		t.Fatal(err)
	}
	namespace := shared.namespace(t)
	apiServices := client.ApiregistrationV1().APIServices()
	const name = "v1.bakery.example.org"
	_, err = apiServices.Create(t.Context(), &apiregistrationv1.APIService{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: apiregistrationv1.APIServiceSpec{
			Group: "bakery.example.org", Version: "v1", GroupPriorityMinimum: 10, VersionPriority: 10, InsecureSkipTLSVerify: true,
			Service: &apiregistrationv1.ServiceReference{Namespace: namespace, Name: "bakery", Port: &port},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// Discovery of others fails while one group does not answer.
	defer func() {
		if err := apiServices.Delete(context.WithoutCancel(t.Context()), name, metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
	}()
	becomes := func(status apiregistrationv1.ConditionStatus, reason string) {
		t.Helper()
		eventually(t, 20*time.Second, func(ctx context.Context) error {
			apiService, err := apiServices.Get(ctx, name, metav1.GetOptions{})
			if err != nil {
				return err
			}
			for _, condition := range apiService.Status.Conditions {
				if condition.Type == apiregistrationv1.Available && condition.Status == status && condition.Reason == reason {
					return nil
				}
			}
			return fmt.Errorf("conditions %v", apiService.Status.Conditions)
		})
	}
	becomes(apiregistrationv1.ConditionFalse, "ServiceNotFound")
	shared.serve(t, namespace, service("bakery", func(spec *corev1.ServiceSpec) {
		spec.Type, spec.ExternalName = corev1.ServiceTypeExternalName, "localhost"
	}))
	becomes(apiregistrationv1.ConditionTrue, "Passed")
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		body, err := shared.clients.RESTClient().Get().AbsPath("/apis/bakery.example.org/v1").DoRaw(ctx)
		if err != nil {
			return errors.Join(fmt.Errorf("it says %q", body), err)
		}
		return nil
	})
}
