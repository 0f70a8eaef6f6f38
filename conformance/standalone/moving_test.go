package standalone_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	toolswatch "k8s.io/client-go/tools/watch"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	arkclient "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var _ = Describe("A backup as docs/backup.md describes it", framework.OnSQLite, func() {
	It("is taken while clients write, and restored so that all of them notice", func(ctx context.Context) {
		dir, variables := newHome()
		port := freePort()
		first := start(ctx, dir, onSQLite, port)
		writing := first.startWriting(ctx)
		before := writing.names()
		runCommands(ctx, dir, framework.DocumentedCommands("backup.md", "## How do I back up?"), variables...)
		expectPrivate(dir, "backup.db")
		after := writing.names()
		runCommands(ctx, dir, framework.DocumentedCommands("backup.md", "For a job that runs every night"), variables...)
		Eventually(ctx, func() int { return len(writing.names()) }).Should(BeNumerically(">", len(after)+enough))
		seen, err := first.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		informed := first.inform()
		Eventually(ctx, func() int { return len(informed()) }).Should(BeNumerically(">", len(seen.Items)), "the informer")
		watching := retryWatch(first.ark(), seen.ResourceVersion)
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		writing.stop()

		output := runCommands(ctx, dir, framework.DocumentedCommands("backup.md", "## Is this backup good?"), variables...)
		Expect(output).To(ContainSubstring("objects and"), "verify")
		Expect(output).To(MatchRegexp(`agents\.ark\.ai +\d+`), "status")
		runCommands(ctx, dir, framework.DocumentedCommands("backup.md", "## How do I restore?"), variables...)
		expectPrivate(dir, "ark.db")
		restored := start(ctx, dir, onSQLite, port)
		names := restored.agents(ctx)
		Expect(names).To(ContainElements(before))
		Expect(len(names)).To(BeNumerically("<=", len(after)+writers), "what was written after the backup")
		Eventually(ctx, watching.ResultChan()).Should(Receive(Satisfy(func(event watch.Event) bool {
			return event.Type == watch.Error && apierrors.IsResourceExpired(apierrors.FromObject(event.Object))
		})), "a watch from before is told to list anew")
		Eventually(ctx, informed).Should(ConsistOf(names), "what an informer has that listed anew")
		restored.createAgent(ctx, "later")
		Eventually(ctx, informed).Should(ContainElement("later"))
		restored.endsWith(ctx, syscall.SIGTERM, 0)
		runCommands(ctx, dir, framework.DocumentedCommands("backup.md", "## How do I get rid of history?"), variables...)
	})
})

var _ = Describe("The state of a database as docs/observability.md describes it", framework.OnSQLite, func() {
	It("is shown with the indexes of a server", func(ctx context.Context) {
		dir, variables := newHome()
		s := start(ctx, dir, onSQLite, "--secure-port=0")
		s.createAgent(ctx, "poet")
		shown := func() string {
			return runCommands(ctx, dir, []string{"ark-apiserver status --kubeconfig=admin.kubeconfig"}, variables...)
		}
		Expect(shown()).To(MatchRegexp(`agents\.ark\.ai +none`))
		Expect(s.client().Discovery().RESTClient().Post().AbsPath("/indexes/agents.ark.ai").Do(ctx).Error()).To(Succeed())
		Eventually(ctx, shown).Should(MatchRegexp(`agents\.ark\.ai +ready +\d+ +\d+ +[1-9]`))
		output := runCommands(ctx, dir, framework.DocumentedCommands("observability.md", "## What is in the database"), variables...)
		Expect(output).To(And(MatchRegexp(`Schema: +version \d+, the newest that this binary knows\n`), ContainSubstring(`"state": "ready"`)))
	})
})

var _ = Describe("Moving to another database and back", framework.OnSQLite, func() {
	const watchers = 20

	It("loses no event of watches that are open, and has none come twice", func(ctx context.Context) {
		dir, variables := newHome()
		port := freePort()
		made := postgrestest.Shared(GinkgoTB()).NewDatabase(GinkgoTB())
		variables = append(variables, "ARK_POSTGRESQL_PASSWORD="+made.Password)
		place := fmt.Sprintf("%s@%s:%d/%s?sslmode=disable", made.Username, made.Host, made.Port, made.Name)
		documented := func(words string) []string {
			commands := framework.DocumentedCommands("moving.md", words)
			for i := range commands {
				commands[i] = strings.ReplaceAll(commands[i], "ark@db.example.com/ark?sslmode=verify-full", place)
			}
			return commands
		}
		there := in(made)

		home := start(ctx, dir, onSQLite, port)
		list, err := home.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		var seen []*eventLog
		for range watchers {
			seen = append(seen, record(retryWatch(home.ark(), list.ResourceVersion)))
		}
		var want []string
		write := func(s *server, prefix string) {
			GinkgoHelper()
			for i := range 20 {
				name := fmt.Sprintf("%s-%d", prefix, i)
				agent := s.createAgent(ctx, name)
				want = append(want, "ADDED "+name)
				if i%3 == 0 {
					Expect(s.ark().Agents(metav1.NamespaceDefault).Delete(ctx, agent.Name, metav1.DeleteOptions{})).To(Succeed())
					want = append(want, "DELETED "+name)
				}
			}
		}
		write(home, "first")
		runCommands(ctx, dir, documented("## How do I move?"), variables...) // while the server runs
		write(home, "second")
		home.endsWith(ctx, syscall.SIGTERM, 0)
		runCommands(ctx, dir, documented("Then stop the servers, and switch"), variables...)

		away := start(ctx, dir, there, port)
		write(away, "third")
		refused := launch(dir, onSQLite)
		Eventually(ctx, refused).Should(gexec.Exit(1))
		Expect(string(refused.Err.Contents())).To(ContainSubstring("another database has taken its place"))
		away.endsWith(ctx, syscall.SIGTERM, 0)
		runCommands(ctx, dir, []string{fmt.Sprintf("ark-apiserver copy --switch --from='postgresql://%s' --to=sqlite:ark.db", place)}, variables...)

		back := start(ctx, dir, onSQLite, port)
		write(back, "fourth")
		for _, events := range seen {
			Eventually(ctx, events.all).Should(HaveLen(len(want)))
			Expect(events.all()).To(Equal(want))
		}
	})

	It("keeps a standby that servers can be started on", func(ctx context.Context) {
		dir, variables := newHome()
		port := freePort()
		first := start(ctx, dir, onSQLite, port)
		follow := exec.Command("bash", "-c", "exec "+framework.DocumentedCommands("moving.md", "## How do I keep a standby?")[0])
		follow.Dir, follow.Env = dir, append(os.Environ(), variables...)
		following := run(dir, follow)
		Eventually(ctx, following.Out).Should(gbytes.Say("copied up to revision"))
		first.createAgent(ctx, "poet")
		seen, err := first.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Eventually(ctx, func() string {
			return runCommands(ctx, dir, []string{"ark-apiserver status --sqlite-path=standby.db --output=json"}, variables...)
		}).Should(And(ContainSubstring(`"role": "copy"`), ContainSubstring(`"resource": "agents.ark.ai"`)))
		Eventually(ctx, func() string {
			return runCommands(ctx, dir, framework.DocumentedCommands("moving.md", "How far it is behind tells"), variables...)
		}).Should(MatchRegexp(`Copy: +has everything; the original is at revision \d+`))
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		following.endsWith(ctx, syscall.SIGTERM, 0)
		standby := start(ctx, dir, database{flags: []string{"--sqlite-path=" + filepath.Join(dir, "standby.db")}}, port)
		list, err := standby.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(HaveLen(1))
		Expect(revision(list)).To(BeNumerically(">", revision(seen)+1_000_000))
	})
})

// newHome is a data directory that is the default one for who has the variables, as he has the
// program.
func newHome() (dir string, variables []string) {
	GinkgoHelper()
	home := GinkgoT().TempDir()
	bin := filepath.Join(home, "bin")
	Expect(os.Mkdir(bin, 0o700)).To(Succeed())
	Expect(os.Symlink(framework.Program(), filepath.Join(bin, "ark-apiserver"))).To(Succeed())
	return filepath.Join(home, "ark-apiserver"), []string{"XDG_DATA_HOME=" + home, "PATH=" + bin + ":" + os.Getenv("PATH")}
}

// freePort is a flag for servers that clients find again.
func freePort() string {
	GinkgoHelper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	Expect(err).NotTo(HaveOccurred())
	return "--secure-port=" + port
}

// inform has an informer follow agents until the spec ends, and returns what has the names that it
// knows.
func (s *server) inform() func() []string {
	GinkgoHelper()
	agents := s.ark().Agents(metav1.NamespaceDefault)
	store, controller := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: &cache.ListWatch{
			ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				return agents.List(ctx, options)
			},
			WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
				return agents.Watch(ctx, options)
			},
		},
		ObjectType: &v1alpha1.Agent{},
		Handler:    cache.ResourceEventHandlerFuncs{},
	})
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { controller.RunWithContext(ctx) })
	DeferCleanup(func() { stop(); running.Wait() })
	return func() (names []string) {
		for _, agent := range store.List() {
			names = append(names, agent.(*v1alpha1.Agent).Name)
		}
		return names
	}
}

// retryWatch watches agents, and goes on where it was when its connection ends. It never lists.
func retryWatch(client arkclient.ArkV1alpha1Interface, revision string) *toolswatch.RetryWatcher {
	GinkgoHelper()
	w, err := toolswatch.NewRetryWatcherWithContext(context.Background(), revision, &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			return client.Agents(metav1.NamespaceDefault).Watch(ctx, options)
		},
	})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(w.Stop)
	return w
}

// eventLog is what a watch has seen.
type eventLog struct {
	mu     sync.Mutex
	events []string
}

func (l *eventLog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.events...)
}

// record takes the events of a watch until it ends.
func record(w watch.Interface) *eventLog {
	l := &eventLog{}
	go func() {
		for event := range w.ResultChan() {
			text := string(event.Type)
			if agent, ok := event.Object.(*v1alpha1.Agent); ok {
				text += " " + agent.Name
			}
			l.mu.Lock()
			l.events = append(l.events, text)
			l.mu.Unlock()
		}
	}()
	return l
}
