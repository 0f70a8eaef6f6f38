package standalone_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/server/standalone"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// shared is a server on SQLite that all tests use which do not stop it.
var shared *runningServer

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	klog.SetLogger(logr.Discard())
	dir, err := os.MkdirTemp("", "standalone-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if shared, err = start(options(dir)); err != nil {
		fmt.Fprintln(os.Stderr, "starting the shared server:", err)
		return 1
	}
	code := postgrestest.Main(m)
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stopping the shared server:", err)
		return 1
	}
	return code
}

// options of a server on a free port, with everything in dir.
func options(dir string) *standalone.Options {
	options := standalone.NewOptions()
	options.DataDir = dir
	options.ControlPlane.SecureServing.BindPort = 0
	return options
}

// runningServer is a server in this process, used as its administrator.
type runningServer struct {
	config   *rest.Config
	clients  *kubernetes.Clientset
	dynamic  *dynamic.DynamicClient
	shutdown context.CancelFunc
	stopped  chan error
}

const startTimeout = 30 * time.Second

func start(options *standalone.Options) (*runningServer, error) {
	if err := errors.Join(options.Validate()...); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	completed, err := options.Complete(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	if err := errors.Join(completed.Validate()...); err != nil {
		cancel()
		return nil, errors.Join(err, completed.Close())
	}
	server := &runningServer{shutdown: cancel, stopped: make(chan error, 1)}
	ready := make(chan struct{})
	go func() { server.stopped <- standalone.Run(ctx, completed, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-server.stopped:
		cancel()
		return nil, fmt.Errorf("the server ended before it was ready: %w", err)
	case <-time.After(startTimeout):
		cancel()
		return nil, fmt.Errorf("the server is not ready after %s", startTimeout)
	}
	return server, server.connect(completed.Kubeconfig())
}

func (s *runningServer) connect(kubeconfig string) (err error) {
	if s.config, err = clientcmd.BuildConfigFromFlags("", kubeconfig); err != nil {
		return err
	}
	s.config.QPS = -1
	if s.clients, err = kubernetes.NewForConfig(s.config); err != nil {
		return err
	}
	s.dynamic, err = dynamic.NewForConfig(s.config)
	return err
}

func (s *runningServer) stop() error {
	s.shutdown()
	return <-s.stopped
}

func mustStart(t *testing.T, options *standalone.Options) *runningServer {
	t.Helper()
	server, err := start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.shutdown)
	return server
}

func (s *runningServer) mustStop(t *testing.T) {
	t.Helper()
	if err := s.stop(); err != nil {
		t.Fatalf("the server did not end well: %v", err)
	}
}

// namespace makes one for a test.
func (s *runningServer) namespace(t *testing.T) string {
	t.Helper()
	namespace, err := s.clients.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("creating a namespace: %v", err)
	}
	return namespace.Name
}

var (
	agents = schema.GroupVersionResource{Group: "ark.ai", Version: "v1alpha1", Resource: "agents"}
	models = schema.GroupVersionResource{Group: "ark.ai", Version: "v1alpha1", Resource: "models"}
)

func agent(name string) *unstructured.Unstructured {
	return object("ark.ai/v1alpha1", "Agent", name, map[string]any{"spec": map[string]any{"prompt": "Be helpful."}})
}

// model asks the provider for the model with its own name.
func model(name string) *unstructured.Unstructured {
	value := func(value string) map[string]any { return map[string]any{"value": value} }
	return object("ark.ai/v1alpha1", "Model", name, map[string]any{"spec": map[string]any{
		"model":    value(name),
		"provider": "openai",
		"config":   map[string]any{"openai": map[string]any{"baseUrl": value("https://models.example.org/v1"), "apiKey": value("key")}},
	}})
}

func object(apiVersion, kind, name string, content map[string]any) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: content}
	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	object.SetName(name)
	return object
}

func (s *runningServer) create(t *testing.T, resource schema.GroupVersionResource, namespace string, object *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	created, err := s.dynamic.Resource(resource).Namespace(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("creating %s %s: %v", resource.Resource, object.GetName(), err)
	}
	return created
}

// eventually polls until condition holds. Its error says what is still missing.
func eventually(t *testing.T, within time.Duration, condition func(ctx context.Context) error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, within, true, func(ctx context.Context) (bool, error) {
		last = condition(ctx)
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("after %s: %v", within, last)
	}
}
