package chart_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/pflag"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/crds"
	arkclient "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

const (
	// movesIn is the least that an operator says besides, so that the release moves in.
	movesIn = `ark: {fromCustomResourceDefinitions: {enabled: true}}`
	// mover is the component that moves.
	mover = "from-crds"
)

func TestMoverStoresAsTheServersDo(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]string{
		"PostgreSQL": `ark: {storage: {encryption: {secret: keys, selectorKey: selector.key}, postgresql: {host: db.example.com, port: 5433, database: arks, schema: objects, passwordSecret: servers, caSecret: ca}}}`,
		"MySQL":      `ark: {storage: {driver: mysql, encryption: {secret: keys}, mysql: {host: db.example.com, database: arks, passwordSecret: servers, caSecret: ca}}}`,
		"SQLite":     `ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, encryption: {secret: keys}, sqlite: {path: /var/lib/ark/objects.db}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := render(t, values, `ark: {fromCustomResourceDefinitions: {enabled: true, group: ark.mckinsey.com, keepInvalid: true}}`)
			job, server := moverJob(t, all), pod(t, all).Spec
			spec := job.Spec.Template.Spec
			if name == "SQLite" {
				if want := []string{"migrate", "switch", "--apiservices=/etc/ark-apiserver/apiservices/apiservices.yaml", "--wait=24h"}; !slices.Equal(spec.Containers[0].Args, want) {
					t.Errorf("the Job runs %q", spec.Containers[0].Args)
				}
				spec = server
				spec.Containers = server.InitContainers
			} else if len(server.InitContainers) > 0 {
				t.Errorf("%s runs before the server", server.InitContainers[0].Name)
			}
			args := spec.Containers[0].Args
			if want := []string{"migrate", "from-crds", "--apiservices=/etc/ark-apiserver/apiservices/apiservices.yaml", "--from-group=ark.mckinsey.com", "--keep-invalid"}; !slices.Equal(args[:5], want) {
				t.Fatalf("it runs %q", args)
			}
			told, encryption := database.NewOptions(), ""
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			told.AddDatabaseFlags(flags)
			flags.StringVar(&encryption, "encryption-provider-config", "", "")
			flags.StringVar(&told.SelectorKeyFile, "encryption-selector-key-file", "", "")
			if err := errors.Join(append([]error{flags.Parse(args[5:])}, told.Validate(encryption)...)...); err != nil {
				t.Fatalf("%q: %v", args, err)
			}
			of := options(t, all)
			if !slices.Equal(databaseOf(args), databaseOf(container(t, all).Args)) || connectionOf(told) != connectionOf(of.Storage) {
				t.Errorf("it stores in %q, the servers in %q", databaseOf(args), databaseOf(container(t, all).Args))
			}
			if etcd := of.Recommended.Etcd; encryption != etcd.EncryptionProviderConfigFilepath || told.SelectorKeyFile != of.Storage.SelectorKeyFile {
				t.Errorf("it encrypts by %q and %q", encryption, told.SelectorKeyFile)
			}
			for _, file := range []string{encryption, connectionOf(told).password} {
				if object, _ := mounted(spec, file); file != "" && object == "" {
					t.Errorf("%s is of nothing", file)
				}
			}
			if selector := one[*corev1.Service](t, all, fullname).Spec.Selector; labels.SelectorFromSet(selector).Matches(labels.Set(job.Spec.Template.Labels)) {
				t.Error("the Service finds it")
			}
		})
	}
}

func TestNothingMovesUnlessAsked(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"by default":         {postgresql},
		"with older values":  {postgresql, `ark: {fromCustomResourceDefinitions: null}`},
		"without the server": {postgresql, movesIn, `ark: {apiserver: {enabled: false}}`},
	} {
		for object := range render(t, values...).named() {
			if strings.Contains(object, mover) {
				t.Errorf("%s there is %s", name, object)
			}
		}
	}
}

func TestAPIServicesComeAfterTheMove(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, movesIn)
	for object := range all.named() {
		if strings.HasPrefix(object, "APIService/") {
			t.Errorf("Helm applies %s before everything was moved", object)
		}
	}
	text := one[*corev1.ConfigMap](t, all, fullname+"-apiservices").Data["apiservices.yaml"]
	var applied objects
	for document := range strings.SplitSeq(text, "---\n") {
		if object := decode(t, document); object != nil {
			applied = append(applied, object)
		}
	}
	usual := render(t, postgresql)
	for _, name := range apiServices {
		got, want := one[*apiregistrationv1.APIService](t, applied, name), one[*apiregistrationv1.APIService](t, usual, name)
		if got.Spec.Service == nil || *got.Spec.Service.Port != *want.Spec.Service.Port || got.Spec.VersionPriority != want.Spec.VersionPriority ||
			got.Spec.Service.Name != want.Spec.Service.Name || !maps.Equal(got.Labels, want.Labels) {
			t.Errorf("the Job applies %+v, Helm %+v", got, want)
		}
		if got.Annotations["meta.helm.sh/release-name"] != release || got.Annotations["meta.helm.sh/release-namespace"] != namespace || got.Labels["app.kubernetes.io/managed-by"] != "Helm" {
			t.Errorf("Helm would not take %s over: %+v", name, got.ObjectMeta)
		}
	}
	if job := moverJob(t, all); job.Annotations["helm.sh/hook"] != "post-install,post-upgrade" || job.Annotations["helm.sh/hook-delete-policy"] != "before-hook-creation" {
		t.Errorf("Helm runs it %+v", job.Annotations)
	}
}

// moverJob is the Job that moves, or has the server answer.
func moverJob(t *testing.T, all objects) *batchv1.Job {
	t.Helper()
	for _, object := range all {
		if job, ok := object.(*batchv1.Job); ok && job.Labels["app.kubernetes.io/component"] == mover {
			return job
		}
	}
	t.Fatal("no Job is rendered that moves")
	return nil
}

// TestMoveFromCustomResourceDefinitions has Helm install a release that moves in, while somebody
// writes, and the commands that the documentation names do the rest. A node runs the pods in its
// place.
func TestMoveFromCustomResourceDefinitions(t *testing.T) {
	t.Run("PostgreSQL", func(t *testing.T) { moveInAndBack(t, postgreSQLValues(t)) })
	t.Run("MariaDB", func(t *testing.T) { moveInAndBack(t, mariaDBValues(t)) })
	t.Run("another group", moveFromAnotherGroup)
	t.Run("SQLite", func(t *testing.T) {
		c := newClusterWithDefinitions(t)
		values := c.values(t)
		w := c.write(t)
		helmed := c.goHelm(t, append(install, "--timeout", "10m"), values, movesIn)
		pod := c.awaitPod(t, fullname+"-0")
		if said, err := c.runAs(t, pod, c.mountAPIServices(t, pod.Spec.InitContainers[0].Args)); err != nil || !strings.Contains(said, "Start the server") {
			t.Fatalf("%v\n%s", err, said)
		}
		running := c.start(t, pod, pod.Spec.Containers[0].Args)
		if said, err := c.runMover(t); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		helmed.wait(t)
		// A pod that starts again finds that everything was moved.
		if said, err := c.runAs(t, pod, c.mountAPIServices(t, pod.Spec.InitContainers[0].Args)); err != nil || !strings.Contains(said, "there is nothing to do") {
			t.Fatalf("%v\n%s", err, said)
		}
		c.settleIn(t, w, values, func() {
			running.stop(t)
			running = c.run(t)
			c.awaitAvailable(t)
		})
		running.kill(t)
	})
}

// databaseOn makes a database of a server, with a secret in the cluster, and returns the values for
// a release on it, and the flags for a command.
type databaseOn func(t *testing.T, c *cluster) (values string, flags []string)

func postgreSQLValues(t *testing.T) databaseOn {
	t.Helper()
	server := postgrestest.New(t)
	return func(t *testing.T, c *cluster) (string, []string) {
		t.Helper()
		made := server.NewDatabase(t)
		t.Setenv("ARK_POSTGRESQL_PASSWORD", made.Password)
		return fmt.Sprintf(`ark: {apiserver: {replicas: 1, securePort: %d}, storage: {postgresql: {host: "%s", port: %d, database: "%s", username: "%s", sslMode: disable, passwordSecret: "%s"}}}`,
				c.port, made.Host, made.Port, made.Name, made.Username, c.newSecret(t, made.Password)),
			[]string{"--storage-driver=postgresql", "--postgresql-host=" + made.Host, fmt.Sprintf("--postgresql-port=%d", made.Port),
				"--postgresql-database=" + made.Name, "--postgresql-username=" + made.Username, "--postgresql-sslmode=disable"}
	}
}

func mariaDBValues(t *testing.T) databaseOn {
	t.Helper()
	server := mysqltest.New(t)
	return func(t *testing.T, c *cluster) (string, []string) {
		t.Helper()
		made := server.NewDatabase(t)
		t.Setenv("ARK_MYSQL_PASSWORD", made.Password)
		return fmt.Sprintf(`ark: {apiserver: {replicas: 1, securePort: %d}, storage: {driver: mysql, mysql: {host: "%s", port: %d, database: "%s", username: "%s", tlsMode: disabled, passwordSecret: "%s"}}}`,
				c.port, made.Host, made.Port, made.Name, made.Username, c.newSecret(t, made.Password)),
			[]string{"--storage-driver=mysql", "--mysql-host=" + made.Host, fmt.Sprintf("--mysql-port=%d", made.Port),
				"--mysql-database=" + made.Name, "--mysql-username=" + made.Username, "--mysql-tls-mode=disabled"}
	}
}

// newSecret makes a secret with a password, and returns its name.
func (c *cluster) newSecret(t *testing.T, password string) string {
	t.Helper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, GenerateName: "servers-"}, StringData: map[string]string{"password": password}}
	if err := c.Create(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	return secret.Name
}

// moveInAndBack moves in, goes back, and moves in again into another database.
func moveInAndBack(t *testing.T, newDatabase databaseOn) {
	c := newClusterWithDefinitions(t)
	first, database := newDatabase(t, c)
	w := c.write(t)
	helmed := c.goHelm(t, append(install, "--timeout", "10m"), first, movesIn)
	running := c.startServer(t)
	unknown := c.defineUnknown(t)
	if said, err := c.runMover(t); err == nil || !strings.Contains(said, "these CustomResourceDefinitions of the group would no longer be served: widgets.ark.ai") {
		t.Fatalf("%v\n%s", err, said)
	}
	w.awaitMore(t)
	if err := unknown.Delete(t.Context(), "widgets.ark.ai", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	c.await(t, "the definition of widgets is gone", func(ctx context.Context) error {
		_, err := unknown.Get(ctx, "widgets.ark.ai", metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		return cmp.Or(err, errors.New("it is there"))
	})
	if said, err := c.runMover(t); err != nil || !strings.Contains(said, "The servers answer, and writes are accepted again") {
		t.Fatalf("%v\n%s", err, said)
	}
	helmed.wait(t)
	w.check(t)

	t.Log("going back")
	c.helm(t, upgrade, first) // has the APIServices be Helm's
	w = c.write(t)
	c.migrate(t, append([]string{"to-crds"}, database...)...)
	w.check(t)
	w = c.write(t)
	c.upgradeInstead(t, first)
	c.helm(t, []string{"uninstall", release})
	running.kill(t)
	w.check(t)

	t.Log("moving in again, for good")
	second, _ := newDatabase(t, c)
	w = c.write(t)
	helmed = c.goHelm(t, append(install, "--timeout", "10m"), second, movesIn)
	running = c.startServer(t)
	if said, err := c.runMover(t); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	helmed.wait(t)
	c.settleIn(t, w, second, func() {})
	running.kill(t)
}

// upgradeInstead does what is not to be done between the way back and the end of the release: it
// leads the cluster to the servers again, as Helm 3 and GitOps tools do. The servers answer nobody,
// so that nobody writes beside etcd.
func (c *cluster) upgradeInstead(t *testing.T, values string) {
	t.Helper()
	if said := c.refused(t, upgrade, values); !strings.Contains(said, `conflict with "kube-apiserver"`) {
		t.Errorf("Helm 4 says %s", said)
	}
	c.helm(t, append(upgrade, "--force-conflicts"), values)
	if service := c.apiService(t).Spec.Service; service == nil || service.Name != fullname {
		t.Fatalf("the upgrade leads to %+v", service)
	}
	c.await(t, "the servers are not ready", func(ctx context.Context) error {
		_, err := c.core.CoreV1().Services(namespace).ProxyGet("https", fullname, "443", "readyz", nil).DoRaw(ctx)
		if err == nil {
			return errors.New("they are")
		}
		if !apierrors.IsInternalError(err) { // what /readyz answers with then
			return err
		}
		return nil
	})
	c.await(t, "the servers refuse to answer", func(ctx context.Context) error {
		list, err := c.agents().List(ctx, metav1.ListOptions{})
		if err == nil {
			return fmt.Errorf("there are %d agents", len(list.Items))
		}
		if !apierrors.IsServiceUnavailable(err) {
			return err
		}
		return nil
	})
}

// moveFromAnotherGroup moves objects that get new uids, by which the Job, as no other server is to,
// has everything in the cluster name its owner anew. Who writes changes over to the other group.
func moveFromAnotherGroup(t *testing.T) {
	const from = "ark.mckinsey.com"
	c := newClusterWithDefinitionsOf(t, from)
	agents := dynamic.NewForConfigOrDie(c.admin).Resource(schema.GroupVersionResource{Group: from, Version: "v1alpha1", Resource: "agents"}).Namespace(metav1.NamespaceDefault)
	create := func(ctx context.Context, name string) (types.UID, error) {
		made, err := agents.Create(ctx, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": from + "/v1alpha1", "kind": "Agent", "metadata": map[string]any{"name": name}, "spec": map[string]any{"prompt": "You know the weather."},
		}}, metav1.CreateOptions{})
		if apierrors.IsNotFound(err) {
			return c.createAgent(ctx, name)
		}
		if err != nil {
			return "", err
		}
		return made.GetUID(), nil
	}
	owner, err := create(t.Context(), "owner")
	if err != nil {
		t.Fatal(err)
	}
	owned := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: metav1.NamespaceDefault, Name: "owned", OwnerReferences: []metav1.OwnerReference{
		{APIVersion: from + "/v1alpha1", Kind: "Agent", Name: "owner", UID: owner}}}}
	if err := c.Create(t.Context(), owned); err != nil {
		t.Fatal(err)
	}
	values, _ := postgreSQLValues(t)(t, c)
	w := c.writeBy(t, create)
	helmed := c.goHelm(t, append(install, "--timeout", "10m"), values, movesIn, otherGroup)
	running := c.startServer(t)
	if said, err := c.runMover(t); err != nil || !strings.Contains(said, "The servers answer, and writes are accepted again") {
		t.Fatalf("%v\n%s", err, said)
	}
	helmed.wait(t)
	w.check(t)
	moved, err := c.agents().Get(t.Context(), "owner", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if moved.UID == owner || moved.Annotations["ark.ai/migration-uid"] != string(owner) {
		t.Errorf("the agent was %s, and is %s, which notes %q", owner, moved.UID, moved.Annotations)
	}
	if err := c.Get(t.Context(), client.ObjectKeyFromObject(owned), owned); err != nil {
		t.Fatal(err)
	}
	if of := owned.OwnerReferences[0]; of.APIVersion != v1alpha1.SchemeGroupVersion.String() || of.UID != moved.UID {
		t.Errorf("the agent is %s, and what it owns names %+v", moved.UID, of)
	}
	c.migrate(t, "finish")
	c.helm(t, upgrade, values) // has the APIServices be Helm's
	c.uninstall(t)
	running.kill(t)
}

// settleIn goes through what is left to do once a release has moved in. restart is for when its
// pods have changed.
func (c *cluster) settleIn(t *testing.T, w *writer, values string, restart func()) {
	t.Helper()
	w.check(t)
	before := c.apiService(t)
	helmed := c.goHelm(t, append(upgrade, "--timeout", "10m"), values, movesIn)
	if said, err := c.runMover(t); err != nil || !strings.Contains(said, "The servers answer already: there is nothing to do") {
		t.Fatalf("%v\n%s", err, said)
	}
	helmed.wait(t)
	c.migrate(t, "finish")
	c.helm(t, upgrade, values)
	restart()
	if drift := c.drift(t, values); drift != "" {
		t.Errorf("rendered again, the chart would change what runs:\n%s", drift)
	}
	after := c.apiService(t)
	if after.UID != before.UID || after.Spec.Service == nil || *after.Spec.Service.Port != *before.Spec.Service.Port {
		t.Errorf("the APIService was %+v, and is %+v", before, after)
	}
	// What the operator changes is changed.
	c.helm(t, upgrade, values, `apiService: {versionPriority: 200}`)
	if changed := c.apiService(t); changed.Spec.VersionPriority != 200 {
		t.Errorf("Helm left it as %+v", changed.Spec)
	}
	if err := c.absent(t.Context(), &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: fullname + ":" + mover}}); err != nil {
		t.Error(err)
	}
	w = c.write(t)
	w.check(t)
	c.uninstall(t)
}

// newClusterWithDefinitions is one whose Ark kinds are CustomResourceDefinitions.
func newClusterWithDefinitions(t *testing.T) *cluster {
	t.Helper()
	c := newClusterWithDefinitionsOf(t, v1alpha1.GroupName)
	c.awaitAvailable(t)
	return c
}

// newClusterWithDefinitionsOf is for definitions of any group.
func newClusterWithDefinitionsOf(t *testing.T, group string) *cluster {
	t.Helper()
	c := newCluster(t)
	definitions, err := crds.Definitions(group)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := envtest.InstallCRDs(c.admin, envtest.CRDInstallOptions{CRDs: definitions, MaxTime: timeout}); err != nil {
		t.Fatal(err)
	}
	return c
}

// defineUnknown makes a CustomResourceDefinition in the group that the servers know nothing of.
func (c *cluster) defineUnknown(t *testing.T) apiextensions.CustomResourceDefinitionInterface {
	t.Helper()
	definitions := apiextensions.NewForConfigOrDie(c.admin).CustomResourceDefinitions()
	_, err := definitions.Create(t.Context(), &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "widgets.ark.ai"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: v1alpha1.GroupName, Scope: apiextensionsv1.NamespaceScoped, Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "widgets", Kind: "Widget"},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1alpha1", Served: true, Storage: true, Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object"}},
			}},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return definitions
}

// helming is helm while it waits for a hook.
type helming struct {
	args  []string
	ended chan error
}

func (c *cluster) goHelm(t *testing.T, args []string, values ...string) *helming {
	t.Helper()
	h := &helming{args: args, ended: make(chan error, 1)}
	go func() {
		stdout, stderr, err := helm(t, c.here(args), values...)
		if err != nil {
			err = fmt.Errorf("%w\n%s%s", err, stdout, stderr)
		}
		h.ended <- err
	}()
	return h
}

func (h *helming) wait(t *testing.T) {
	t.Helper()
	if err := <-h.ended; err != nil {
		t.Fatalf("helm %s: %v", h.args[0], err)
	}
}

// startServer does what a node does for the pod of the Deployment.
func (c *cluster) startServer(t *testing.T) *process {
	t.Helper()
	pod := c.awaitPodOf(t, "app.kubernetes.io/component", "apiserver")
	return c.start(t, pod, c.mountDatabase(t, pod.Spec))
}

// kill ends the server of a release that was uninstalled.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.command.Wait()
	if err := client.IgnoreNotFound(p.cluster.Delete(t.Context(), p.pod, client.GracePeriodSeconds(0))); err != nil {
		t.Fatal(err)
	}
}

// runMover does what a node does for the next pod of the Job, and returns what that says.
func (c *cluster) runMover(t *testing.T) (said string, err error) {
	t.Helper()
	pod := c.awaitPodOf(t, "app.kubernetes.io/component", mover)
	said, err = c.runAs(t, pod, c.mountAPIServices(t, c.mountDatabase(t, pod.Spec)))
	pod.Status.Phase = corev1.PodSucceeded
	if err != nil {
		pod.Status.Phase = corev1.PodFailed
	}
	c.report(t, pod)
	return said, err
}

// runAs runs a container of a pod to its end, with the rights of the pod.
func (c *cluster) runAs(t *testing.T, pod *corev1.Pod, args []string) (said string, err error) {
	t.Helper()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := environment.BeServiceAccount(t.Context(), c.admin, namespace, pod.Spec.ServiceAccountName, kubeconfig); err != nil {
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), c.program, append(args, "--kubeconfig", kubeconfig)...).CombinedOutput()
	return string(output), err
}

// mountAPIServices writes the file that the ConfigMap has for a pod, and returns the arguments for
// a process that has it there.
func (c *cluster) mountAPIServices(t *testing.T, args []string) []string {
	t.Helper()
	var configMap corev1.ConfigMap
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: fullname + "-apiservices"}, &configMap); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "apiservices.yaml")
	if err := os.WriteFile(file, []byte(configMap.Data["apiservices.yaml"]), 0o600); err != nil {
		t.Fatal(err)
	}
	args = slices.Clone(args)
	for i := range args {
		args[i] = strings.Replace(args[i], "/etc/ark-apiserver/apiservices/apiservices.yaml", file, 1)
	}
	return args
}

// migrate runs a command of the migration as the administrator, as documented.
func (c *cluster) migrate(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"migrate", args[0], "--kubeconfig=" + c.kubeconfig}, args[1:]...)
	if output, err := exec.CommandContext(t.Context(), c.program, args...).CombinedOutput(); err != nil {
		t.Fatalf("ark-apiserver %s: %v\n%s", strings.Join(args, " "), err, output)
	}
}

// writer makes agents all the time, and remembers which were acknowledged.
type writer struct {
	cluster *cluster
	stop    context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	made    map[string]types.UID
	failure error
}

func (c *cluster) agents() arkclient.AgentInterface {
	return c.ark.ArkV1alpha1().Agents(metav1.NamespaceDefault)
}

func (c *cluster) createAgent(ctx context.Context, name string) (types.UID, error) {
	made, err := c.agents().Create(ctx, &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.AgentSpec{Prompt: new("You know the weather.")}}, metav1.CreateOptions{})
	if err != nil {
		return "", err
	}
	return made.UID, nil
}

func (c *cluster) write(t *testing.T) *writer {
	t.Helper()
	return c.writeBy(t, c.createAgent)
}

// writeBy is for agents that are created in another way.
func (c *cluster) writeBy(t *testing.T, create func(ctx context.Context, name string) (types.UID, error)) *writer {
	t.Helper()
	w := &writer{cluster: c, made: make(map[string]types.UID)}
	var ctx context.Context
	ctx, w.stop = context.WithCancel(t.Context())
	t.Cleanup(w.stop)
	prefix := strings.ToLower(fmt.Sprintf("agent-%p", w))
	w.running.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			name := fmt.Sprintf("%s-%d", prefix, n)
			// What was begun ends: its outcome is known.
			uid, err := create(context.WithoutCancel(ctx), name)
			w.mu.Lock()
			switch {
			case err == nil:
				w.made[name] = uid
			case !apierrors.IsForbidden(err) && !apierrors.IsServiceUnavailable(err) && !apierrors.IsNotFound(err):
				w.failure = errors.Join(w.failure, err)
			}
			w.mu.Unlock()
		}
	})
	w.awaitMore(t)
	return w
}

func (w *writer) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.made)
}

// awaitMore waits until writes are acknowledged.
func (w *writer) awaitMore(t *testing.T) {
	t.Helper()
	before := w.count()
	(&cluster{}).await(t, "writes are accepted", func(context.Context) error {
		if w.count() < before+10 {
			return fmt.Errorf("%d are", w.count()-before)
		}
		return nil
	})
}

// check ends it, and looks for all that was acknowledged: as the same objects, or under the uid
// that a way back notes.
func (w *writer) check(t *testing.T) {
	t.Helper()
	w.awaitMore(t)
	w.stop()
	w.running.Wait()
	if w.failure != nil {
		t.Error(w.failure)
	}
	list, err := w.cluster.agents().List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string][]types.UID)
	for _, agent := range list.Items {
		found[agent.Name] = []types.UID{agent.UID, types.UID(agent.Annotations["ark.ai/migration-uid"])}
	}
	for name, uid := range w.made {
		if !slices.Contains(found[name], uid) {
			t.Errorf("agent %s was acknowledged as %s, and is %q", name, uid, found[name])
		}
	}
	t.Logf("%d writes were acknowledged, none is lost", len(w.made))
}
