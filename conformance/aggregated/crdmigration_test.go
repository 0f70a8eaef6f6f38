package aggregated_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	manifests "ark.ai/apiserver/docs/aggregated"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var _ = Describe("A migration from CustomResourceDefinitions", func() {
	DescribeTable("loses nothing while everybody writes, whenever it is killed", func(ctx context.Context, newDatabase func() []string, shared bool) {
		c := startDefinitions(ctx, v1alpha1.GroupName)
		c.populate(ctx)
		cache := c.openCache(ctx)
		writers := c.startWriters(ctx)
		before := c.allObjects(ctx)

		database := newDatabase()
		s, manifest := c.prepareServer(ctx)
		if shared {
			s.run(c.kubeconfig, database...)
			s.awaitReady(ctx)
		}
		command := append([]string{"from-crds", "--apiservices", manifest}, database...)
		for _, sign := range []string{"Copied", "Writes are refused", "verified"} {
			c.killOnceSaid(sign, command...)
		}
		Eventually(c.migrate(append([]string{"status"}, database...)...).Out).WithTimeout(readyTimeout).Should(gbytes.Say("refused for"))
		if !shared {
			for range 2 { // another time once it is done, too
				Eventually(c.migrate(command...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
			}
			s.run(c.kubeconfig, database...)
			s.awaitReady(ctx)
			command = []string{"switch", "--apiservices", manifest}
		}
		By("killing it once it has switched")
		killed := c.migrate(command...)
		Eventually(func() (bool, error) { return c.leadElsewhere(ctx) }).WithTimeout(readyTimeout).Should(BeTrue())
		killed.Kill().Wait(stopTimeout)
		Eventually(c.migrate(command...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))

		writers.awaitMore(ctx)
		writers.check(ctx)
		after := c.allObjects(ctx)
		for uid, object := range before {
			if !strings.HasPrefix(object.GetName(), "written-") {
				Expect(after).To(HaveKeyWithValue(uid, object))
			}
		}
		cache.check(ctx)

		By("collecting what an owner leaves, and nothing else")
		Expect(c.ark.ArkV1alpha1().Agents(namespace).Delete(ctx, "owner-0", metav1.DeleteOptions{})).To(Succeed())
		Eventually(func(g Gomega) { g.Expect(c.ownedBy(ctx, "owner-0")).To(BeZero()) }).WithTimeout(2 * readyTimeout).Should(Succeed())
		for i := 1; i < owners; i++ {
			Expect(c.ownedBy(ctx, fmt.Sprintf("owner-%d", i))).To(Equal(ownedByEach + 1))
		}

		By("deleting the definitions, and what is left in etcd")
		Expect(c.ark.ArkV1alpha1().Agents(namespace).Delete(ctx, "owner-1", metav1.DeleteOptions{})).To(Succeed())
		Eventually(func(g Gomega) { g.Expect(c.ownedBy(ctx, "owner-1")).To(BeZero()) }).WithTimeout(2 * readyTimeout).Should(Succeed())
		served := c.allObjects(ctx)
		Eventually(c.migrate("finish")).WithTimeout(2 * readyTimeout).Should(gexec.Exit(0))
		Expect(c.allObjects(ctx)).To(Equal(served))
		left, err := c.definitions.List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(left.Items).To(BeEmpty())
		cache.check(ctx)
	},
		Entry("to SQLite", framework.OnSQLite, newSQLite, false),
		Entry("to PostgreSQL", framework.Long, framework.OnPostgreSQL, newPostgreSQL, true),
	)

	DescribeTable("can be undone, with what changed meanwhile", func(ctx context.Context, newDatabase func() []string, shared bool) {
		c := startDefinitions(ctx, v1alpha1.GroupName)
		c.populate(ctx)
		// Each has a watch of its own.
		var caches openedCaches
		for range 10 {
			caches = append(caches, c.openCache(ctx))
		}
		writers := c.startWriters(ctx)
		database := newDatabase()
		s, manifest := c.prepareServer(ctx)
		if shared {
			s.run(c.kubeconfig, database...)
			s.awaitReady(ctx)
		}
		Eventually(c.migrate(append([]string{"from-crds", "--apiservices", manifest}, database...)...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
		other := newSQLite()
		if !shared {
			before, err := os.ReadFile(database[1])
			Expect(err).NotTo(HaveOccurred())
			Expect(os.WriteFile(other[1], before, 0o600)).To(Succeed())
			s.run(c.kubeconfig, database...)
			s.awaitReady(ctx)
			Eventually(c.migrate("switch", "--apiservices", manifest)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
		}
		writers.awaitMore(ctx)
		writers.report()

		By("changing things meanwhile")
		c.own(ctx, "late", owners)
		agents, queries := c.ark.ArkV1alpha1().Agents(namespace), c.ark.ArkV1alpha1().Queries(namespace)
		_, err := agents.Patch(ctx, "owner-0", types.MergePatchType, []byte(`{"spec":{"prompt":"You know better."}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, err = queries.Patch(ctx, "owned-0-0", types.MergePatchType, []byte(`{"status":{"phase":"error"}}`), metav1.PatchOptions{}, "status")
		Expect(err).NotTo(HaveOccurred())
		Expect(agents.Delete(ctx, "owner-1", metav1.DeleteOptions{})).To(Succeed())
		Eventually(func(g Gomega) { g.Expect(c.ownedBy(ctx, "owner-1")).To(BeZero()) }).WithTimeout(2 * readyTimeout).Should(Succeed())
		before := c.allObjects(ctx)

		if !shared {
			By("refusing a database that is not the servers'")
			refused := c.migrate(append([]string{"to-crds"}, other...)...)
			Eventually(refused).WithTimeout(readyTimeout).Should(gexec.Exit(1))
			Expect(refused.Err).To(gbytes.Say("name the database that they have"))
		}
		command := append([]string{"to-crds"}, database...)
		for _, sign := range []string{"Copied", "Writes are refused", "Verified"} {
			c.killOnceSaid(sign, command...)
			c.expectNoSecondVersions(ctx)
		}
		c.killOnceSaid("Nobody answers", command...)
		By("killing it once kube-apiserver answers")
		killed := c.migrate(command...)
		if !shared {
			Eventually(killed.Out).WithTimeout(readyTimeout).Should(gbytes.Say("Stop the server"))
			s.Interrupt()
		}
		Eventually(func() (bool, error) { return c.leadElsewhere(ctx) }).WithTimeout(readyTimeout).Should(BeFalse())
		killed.Kill().Wait(stopTimeout)
		Eventually(c.migrate(command...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
		Eventually(c.migrate(command...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))

		writers.awaitMore(ctx)
		writers.check(ctx)
		caches.check(ctx)
		compareBack(before, c.allObjects(ctx))

		By("collecting what an owner leaves, and nothing else")
		for _, owner := range []string{"owner-2", "late"} {
			Expect(agents.Delete(ctx, owner, metav1.DeleteOptions{})).To(Succeed())
			Eventually(func(g Gomega) { g.Expect(c.ownedBy(ctx, owner)).To(BeZero()) }).WithTimeout(2 * readyTimeout).Should(Succeed())
		}
		for _, owner := range []string{"owner-0", "owner-3"} {
			Expect(c.ownedBy(ctx, owner)).To(Equal(ownedByEach+1), owner)
		}
		caches.check(ctx)

		By("having closed the database of the servers for good")
		s.Kill().Wait(stopTimeout)
		s.run(c.kubeconfig, database...)
		Eventually(s.Session).WithTimeout(readyTimeout).Should(gexec.Exit(1))
		Expect(s.Err).To(gbytes.Say("another database has taken its place"))
	},
		Entry("from SQLite", framework.Long, framework.OnSQLite, newSQLite, false),
		Entry("from PostgreSQL", framework.Long, framework.OnPostgreSQL, newPostgreSQL, true),
	)

	It("says so when another command has taken it for dead", framework.OnPostgreSQL, func(ctx context.Context) {
		c := startDefinitions(ctx, v1alpha1.GroupName)
		_, manifest := c.prepareServer(ctx)
		waiting := c.migrate(append([]string{"from-crds", "--apiservices", manifest}, newPostgreSQL()...)...)
		Eventually(waiting.Out).WithTimeout(readyTimeout).Should(gbytes.Say("Copied")) // and then it waits for a server
		leases := c.core.CoordinationV1().Leases(metav1.NamespaceDefault)
		Eventually(func() error {
			lease, err := leases.Get(ctx, "ark-apiserver-migration", metav1.GetOptions{})
			if err != nil {
				return err
			}
			lease.Spec.HolderIdentity, lease.Spec.RenewTime, lease.Spec.LeaseDurationSeconds = new("another"), new(metav1.NowMicro()), new(int32(600))
			_, err = leases.Update(ctx, lease, metav1.UpdateOptions{})
			return err
		}).WithTimeout(readyTimeout).Should(Succeed())
		Eventually(waiting).WithTimeout(readyTimeout).Should(gexec.Exit(1))
		Expect(waiting.Err).To(gbytes.Say("the Lease of the migration could not be renewed: start the command again"))
	})

	It("names what the servers would not take before it refuses writes", func(ctx context.Context) {
		c := startDefinitions(ctx, v1alpha1.GroupName)
		c.takeAnything(ctx, "agents.ark.ai")
		agent := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": map[string]any{"name": "unlikely"},
			"spec": map[string]any{"tools": []any{map[string]any{"type": "built-in", "name": "hammer"}}},
		}}
		Eventually(func() error {
			_, err := c.dynamic.Resource(v1alpha1.SchemeGroupVersion.WithResource("agents")).Namespace(namespace).Create(ctx, agent, metav1.CreateOptions{})
			return err
		}).WithTimeout(readyTimeout).Should(Succeed())
		_, manifest := c.prepareServer(ctx)
		command := append([]string{"from-crds", "--apiservices", manifest}, newSQLite()...)
		refused := c.migrate(command...)
		Eventually(refused).WithTimeout(readyTimeout).Should(gexec.Exit(1))
		Expect(refused.Err).To(gbytes.Say("agents/unlikely in namespace " + namespace))
		Expect(refused.Out.Contents()).NotTo(ContainSubstring("refused"))
		Eventually(c.migrate(append(command, "--keep-invalid")...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
	})
})

// newSQLite returns the flags that lead to a database of this spec.
func newSQLite() []string {
	GinkgoHelper()
	return []string{"--sqlite-path", filepath.Join(GinkgoT().TempDir(), "ark.db")}
}

// newPostgreSQL makes a database, and returns the flags that lead to it.
func newPostgreSQL() []string {
	GinkgoHelper()
	server, err := postgrestest.Open(postgrestest.Options{Log: filepath.Join(GinkgoT().TempDir(), "postgresql.log")})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(server.Close)
	made, err := server.CreateDatabase(context.Background(), "")
	Expect(err).NotTo(HaveOccurred())
	password := filepath.Join(GinkgoT().TempDir(), "password")
	Expect(os.WriteFile(password, []byte(made.Password), 0o600)).To(Succeed())
	return []string{
		"--storage-driver=postgresql", "--postgresql-host", made.Host, "--postgresql-port", strconv.Itoa(made.Port),
		"--postgresql-database", made.Name, "--postgresql-username", made.Username, "--postgresql-password-file", password,
	}
}

// namespace of the objects that are moved.
const namespace = "default"

// definedCluster is one with CustomResourceDefinitions of the group, and Kubernetes' controllers.
type definedCluster struct {
	*environment.Running
	// kubeconfig is that of the administrator who migrates.
	kubeconfig  string
	ark         *versioned.Clientset
	core        *kubernetes.Clientset
	dynamic     *dynamic.DynamicClient
	definitions apiextensions.CustomResourceDefinitionInterface
}

func startDefinitions(ctx context.Context, group string) *definedCluster {
	GinkgoHelper()
	return startDefinitionsAt(ctx, group, 1)
}

// startDefinitionsAt starts so many kube-apiservers.
func startDefinitionsAt(ctx context.Context, group string, apiServers int) *definedCluster {
	GinkgoHelper()
	running, err := environment.Start(ctx, environment.Options{Mode: environment.CRD, Group: group, APIServers: apiServers, Dir: GinkgoT().TempDir()})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(running.Stop()).To(Succeed()) })
	config, err := clientcmd.BuildConfigFromFlags("", running.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	config.QPS = -1
	return &definedCluster{
		Running:     running,
		kubeconfig:  running.Kubeconfig,
		ark:         versioned.NewForConfigOrDie(config),
		core:        kubernetes.NewForConfigOrDie(config),
		dynamic:     dynamic.NewForConfigOrDie(config),
		definitions: apiextensions.NewForConfigOrDie(config).CustomResourceDefinitions(),
	}
}

// takeAnything has a definition accept every object.
func (c *definedCluster) takeAnything(ctx context.Context, name string) {
	GinkgoHelper()
	anything := true
	definition, err := c.definitions.Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	for i := range definition.Spec.Versions {
		definition.Spec.Versions[i].Schema.OpenAPIV3Schema = &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &anything}
		definition.Spec.Versions[i].SelectableFields = nil
	}
	_, err = c.definitions.Update(ctx, definition, metav1.UpdateOptions{})
	Expect(err).NotTo(HaveOccurred())
}

// migrate runs a command of the migration as the administrator does.
func (c *definedCluster) migrate(args ...string) *gexec.Session {
	GinkgoHelper()
	command := exec.Command(program(), append([]string{"migrate", args[0], "--kubeconfig", c.kubeconfig}, args[1:]...)...)
	session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill().Wait(stopTimeout) })
	return session
}

// killOnceSaid runs a command of the migration and kills it when it has said something.
func (c *definedCluster) killOnceSaid(sign string, command ...string) {
	GinkgoHelper()
	By("killing it once it says: " + sign)
	killed := c.migrate(command...)
	Eventually(killed.Out).WithTimeout(readyTimeout).Should(gbytes.Say(sign))
	killed.Kill().Wait(stopTimeout)
}

// prepareServer is prepare, and writes the APIServices that lead to the server.
func (c *definedCluster) prepareServer(ctx context.Context) (s *server, manifest string) {
	GinkgoHelper()
	s, manifest = prepare(), filepath.Join(GinkgoT().TempDir(), "apiservices.yaml")
	c.writeAPIServices(ctx, s, manifest)
	return s, manifest
}

// writeAPIServices writes those that lead to a server of this machine, as documented.
func (c *definedCluster) writeAPIServices(ctx context.Context, s *server, path string) {
	GinkgoHelper()
	const system, name = "ark-system", "ark-apiserver"
	_, err := c.core.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: system}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	_, err = c.core.CoreV1().Services(system).Create(ctx, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "localhost"},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	authority, err := os.ReadFile(s.certificateFile())
	Expect(err).NotTo(HaveOccurred())
	text := strings.ReplaceAll(manifests.APIService, manifests.CABundlePlaceholder, base64.StdEncoding.EncodeToString(authority))
	text = strings.ReplaceAll(text, "port: 443", "port: "+s.port())
	Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
}

// expectNoSecondVersions checks that whoever takes the first version that a kind has, as garbage
// collection does, sees no other than those of the servers.
func (c *definedCluster) expectNoSecondVersions(ctx context.Context) {
	GinkgoHelper()
	lists, err := c.core.Discovery().ServerPreferredResources()
	Expect(err).NotTo(HaveOccurred())
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		Expect(err).NotTo(HaveOccurred())
		if version.Group == v1alpha1.GroupName && len(list.APIResources) > 0 {
			Expect(registry.GroupVersions()).To(ContainElement(version))
		}
	}
}

// leadElsewhere reports whether all APIServices lead to a server behind kube-apiserver.
func (c *definedCluster) leadElsewhere(ctx context.Context) (bool, error) {
	for _, version := range registry.GroupVersions() {
		found, err := c.dynamic.Resource(apiServices).Get(ctx, version.Version+"."+version.Group, metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		if _, elsewhere, _ := unstructured.NestedMap(found.Object, "spec", "service"); !elsewhere {
			return false, nil
		}
	}
	return true, nil
}
