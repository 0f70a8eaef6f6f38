package chart_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

const (
	// timeout is for what a cluster does by itself.
	timeout      = 2 * time.Minute
	pollInterval = 100 * time.Millisecond
)

// cluster is a real one without nodes. It has the chart's namespace, where nothing but restricted
// pods may run, and nothing else of Ark.
type cluster struct {
	client.Client
	kubeconfig string
	admin      *rest.Config
	core       *kubernetes.Clientset
	ark        *versioned.Clientset
	// program is ark-apiserver.
	program string
	// port of the servers.
	port int
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	return newClusterLike(t, "")
}

// newClusterLike is a cluster with the APIs of an earlier minor version of Kubernetes.
func newClusterLike(t *testing.T, version string) *cluster {
	t.Helper()
	running, err := environment.Start(t.Context(), environment.Options{Mode: environment.Empty, Dir: t.TempDir(), EmulatedVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Stop(); err != nil {
			t.Error(err)
		}
	})
	c := &cluster{kubeconfig: running.Kubeconfig, port: freePort(t)}
	if c.program, err = running.ArkAPIServer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c.admin, err = clientcmd.BuildConfigFromFlags("", running.Kubeconfig); err != nil {
		t.Fatal(err)
	}
	c.admin.QPS = -1
	if c.core, err = kubernetes.NewForConfig(c.admin); err != nil {
		t.Fatal(err)
	}
	if c.ark, err = versioned.NewForConfig(c.admin); err != nil {
		t.Fatal(err)
	}
	if c.Client, err = client.New(c.admin, client.Options{Scheme: scheme}); err != nil {
		t.Fatal(err)
	}
	c.createNamespace(t)
	return c
}

// createNamespace makes the chart's namespace unless it is there.
func (c *cluster) createNamespace(t *testing.T) {
	t.Helper()
	restricted := map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
	made := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, Labels: restricted}}
	if err := client.IgnoreAlreadyExists(c.Create(t.Context(), made)); err != nil {
		t.Fatal(err)
	}
}

// enter returns the cluster for a test after which others come: they find nothing of it.
func (c *cluster) enter(t *testing.T) *cluster {
	t.Helper()
	c.createNamespace(t)
	t.Cleanup(func() { c.clear(t) })
	entered := *c
	entered.port = freePort(t)
	return &entered
}

// clear takes away the release and the namespace, and does what a node would for that.
func (c *cluster) clear(t *testing.T) {
	t.Helper()
	// The context of the test has ended.
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	must := func(err error) {
		t.Helper()
		if client.IgnoreNotFound(err) != nil {
			t.Fatal(err)
		}
	}
	// Nobody waits for servers that have ended.
	for _, name := range apiServices {
		must(c.Delete(ctx, &apiregistrationv1.APIService{ObjectMeta: metav1.ObjectMeta{Name: name}}))
	}
	command, err := helmCommand(ctx, t.TempDir(), c.here([]string{"uninstall", release, "--ignore-not-found"})...)
	must(err)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("helm uninstall: %v\n%s", err, output)
	}
	must(c.Delete(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}))
	must(wait.PollUntilContextCancel(ctx, pollInterval, true, func(ctx context.Context) (bool, error) {
		if err := c.DeleteAllOf(ctx, &corev1.Pod{}, client.InNamespace(namespace), client.GracePeriodSeconds(0)); err != nil {
			return false, err
		}
		var claims corev1.PersistentVolumeClaimList
		if err := c.List(ctx, &claims, client.InNamespace(namespace)); err != nil {
			return false, err
		}
		for i := range claims.Items {
			if err := c.Patch(ctx, &claims.Items[i], client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`))); client.IgnoreNotFound(err) != nil {
				return false, err
			}
		}
		err := c.Get(ctx, client.ObjectKey{Name: namespace}, &corev1.Namespace{})
		return apierrors.IsNotFound(err), client.IgnoreNotFound(err)
	}))
}

// values for a server that runs as a process of this machine.
func (c *cluster) values(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf(`ark: {apiserver: {replicas: 1, securePort: %d}, storage: {driver: sqlite, sqlite: {path: %s/ark.db}}}`, c.port, t.TempDir())
}

// helm runs it on the release.
func (c *cluster) helm(t *testing.T, args []string, values ...string) {
	t.Helper()
	if stdout, stderr, err := helm(t, c.here(args), values...); err != nil {
		t.Fatalf("helm %s: %v\n%s%s", strings.Join(args, " "), err, stdout, stderr)
	}
}

// refused is what helm says when it fails.
func (c *cluster) refused(t *testing.T, args []string, values ...string) string {
	t.Helper()
	stdout, stderr, err := helm(t, c.here(args), values...)
	if err == nil {
		t.Fatalf("helm %s does not fail: %s", strings.Join(args, " "), stdout)
	}
	return stderr
}

// drift is what would change if what helm renders without the cluster was applied, as GitOps tools
// do.
func (c *cluster) drift(t *testing.T, values ...string) string {
	t.Helper()
	rendered, stderr, err := helm(t, []string{"template", release, chart, "--namespace", namespace, "--no-hooks"}, values...)
	if err != nil {
		t.Fatalf("helm template: %v\n%s", err, stderr)
	}
	kubectl, err := environment.Program("kubectl")
	if err != nil {
		t.Fatal(err)
	}
	diff := exec.CommandContext(t.Context(), kubectl, "diff", "--kubeconfig", c.kubeconfig, "--server-side", "--force-conflicts", "--filename", "-")
	diff.Stdin = strings.NewReader(rendered)
	output, err := diff.CombinedOutput()
	if exit := (&exec.ExitError{}); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(output)
}

func (c *cluster) here(args []string) []string {
	return append(slices.Clone(args), "--kubeconfig", c.kubeconfig, "--namespace", namespace)
}

// uninstall deletes the release. That nobody answers for the group any more has to be known at
// once.
func (c *cluster) uninstall(t *testing.T) {
	t.Helper()
	c.helm(t, []string{"uninstall", release})
	for _, name := range apiServices {
		service := &apiregistrationv1.APIService{}
		if err := c.Get(t.Context(), client.ObjectKey{Name: name}, service); err == nil && service.Spec.Service != nil {
			t.Errorf("APIService %s is still there", name)
		}
	}
}

// check runs ark-apiserver check as administrator, and returns what it says.
func (c *cluster) check(t *testing.T, args ...string) string {
	t.Helper()
	args = append([]string{"check", "--kubeconfig", c.kubeconfig}, args...)
	output, err := exec.CommandContext(t.Context(), c.program, args...).CombinedOutput()
	if exit := (&exec.ExitError{}); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(output)
}

func (c *cluster) certificate(t *testing.T) *corev1.Secret {
	t.Helper()
	secret := &corev1.Secret{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: fullname + "-serving-certificate"}, secret); err != nil {
		t.Fatal(err)
	}
	return secret
}

// apiServices are those of the versions of our group.
var apiServices = []string{"v1alpha1.ark.ai", "v1prealpha1.ark.ai"}

func (c *cluster) apiService(t *testing.T) *apiregistrationv1.APIService {
	t.Helper()
	service := &apiregistrationv1.APIService{}
	if err := c.Get(t.Context(), client.ObjectKey{Name: apiServices[0]}, service); err != nil {
		t.Fatal(err)
	}
	return service
}

// awaitAvailable waits until kube-apiserver reaches who answers for the group.
func (c *cluster) awaitAvailable(t *testing.T) {
	t.Helper()
	c.await(t, "the API is available", func(ctx context.Context) error {
		for _, name := range apiServices {
			service := &apiregistrationv1.APIService{}
			if err := c.Get(ctx, client.ObjectKey{Name: name}, service); err != nil {
				return err
			}
			if !slices.ContainsFunc(service.Status.Conditions, func(condition apiregistrationv1.APIServiceCondition) bool {
				return condition.Type == apiregistrationv1.Available && condition.Status == apiregistrationv1.ConditionTrue
			}) {
				return fmt.Errorf("%s: %+v", name, service.Status.Conditions)
			}
		}
		return nil
	})
}

// await waits until a condition has no error any more.
func (c *cluster) await(t *testing.T, what string, condition func(context.Context) error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), pollInterval, timeout, true, func(ctx context.Context) (bool, error) {
		last = condition(ctx)
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("waited for %s that %s: %v", timeout, what, last)
	}
}

// checkNothingIsLeft looks for objects of the release among all kinds that there are.
func (c *cluster) checkNothingIsLeft(t *testing.T, but ...string) {
	t.Helper()
	kinds := discovery.NewDiscoveryClientForConfigOrDie(c.admin)
	objects := dynamic.NewForConfigOrDie(c.admin)
	c.await(t, "nothing is left", func(ctx context.Context) error {
		lists, err := kinds.ServerPreferredResourcesWithContext(ctx)
		if err != nil {
			return err
		}
		var left []string
		for _, list := range discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list", "delete"}}, lists) {
			for _, resource := range list.APIResources {
				group, err := schema.ParseGroupVersion(list.GroupVersion)
				if err != nil {
					return err
				}
				found, err := objects.Resource(group.WithResource(resource.Name)).List(ctx, metav1.ListOptions{LabelSelector: "app.kubernetes.io/instance=" + release})
				if err != nil {
					return fmt.Errorf("list %s of %s: %w", resource.Name, group, err)
				}
				for _, object := range found.Items {
					// A controller that needs nodes takes this finalizer away.
					if object.GetDeletionTimestamp() != nil && slices.Equal(object.GetFinalizers(), []string{"kubernetes.io/pvc-protection"}) {
						continue
					}
					left = append(left, object.GetKind()+"/"+object.GetName())
				}
			}
		}
		if !slices.Equal(left, but) {
			return fmt.Errorf("%q are left, not %q", left, but)
		}
		return nil
	})
}
