package standalone_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var _ = Describe("A backup of a SQLite file as docs/standalone.md describes it", framework.OnSQLite, func() {
	It("ends while clients write, and can be restored after kill -9", func(ctx context.Context) {
		dir := newDir()
		first := start(ctx, dir, onSQLite)
		writing := first.startWriting(ctx)
		before := writing.names()
		runDocumented(ctx, dir, "## How do I back it up?")
		expectPrivate(dir, "backup.db")
		seen, last := killWhileWriting(ctx, first, writing)

		runDocumented(ctx, dir, "## How do I restore it?")
		expectPrivate(dir, "ark.db")
		agents := start(ctx, dir, onSQLite).ark().Agents(metav1.NamespaceDefault)
		list, err := agents.List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		var names []string
		for _, agent := range list.Items {
			names = append(names, agent.Name)
		}
		Expect(names).To(ContainElements(before))
		Expect(names).NotTo(ContainElement(last), "the write-ahead log of the file that was replaced was applied")

		w, err := agents.Watch(ctx, metav1.ListOptions{ResourceVersion: seen.ResourceVersion})
		Expect(err).NotTo(HaveOccurred())
		defer w.Stop()
		Expect(apierrors.FromObject((<-w.ResultChan()).Object)).To(Satisfy(apierrors.IsResourceExpired))
		Expect(revision(list)).To(BeNumerically(">", revision(seen)+1_000_000))
	})
})

var _ = Describe("A backup of a PostgreSQL database as docs/standalone.md describes it", framework.OnPostgreSQL, func() {
	It("is one state, and can be restored into another database", func(ctx context.Context) {
		dir, shared := newDir(), postgrestest.Shared(GinkgoTB())
		made := shared.NewDatabase(GinkgoTB())
		first := start(ctx, dir, in(made))
		writing := first.startWriting(ctx)
		before := writing.names()
		runDocumented(ctx, dir, "PostgreSQL, while servers run", libpq(made)...)
		expectPrivate(dir, "ark.dump")
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		writing.stop()

		empty := shared.NewDatabase(GinkgoTB())
		runDocumented(ctx, dir, "PostgreSQL: stop all servers", libpq(empty)...)
		Expect(start(ctx, dir, in(empty)).agents(ctx)).To(ContainElements(before))
	})
})

var _ = Describe("A backup of a MariaDB database as docs/standalone.md describes it", framework.OnMySQL, func() {
	It("is one state, and can be restored into an empty database", func(ctx context.Context) {
		const create = "CREATE DATABASE ark; "
		dir, shared := newDir(), mysqltest.Shared(GinkgoTB())
		Expect(shared.Exec(ctx, create+"CREATE USER ark IDENTIFIED BY 'secret'; GRANT ALL ON ark.* TO ark")).To(Succeed())
		port := strconv.Itoa(shared.Port)
		made := database{flags: []string{"--storage-driver=mysql", "--mysql-port=" + port}, variables: []string{"ARK_MYSQL_PASSWORD=secret"}}
		first := start(ctx, dir, made)
		writing := first.startWriting(ctx)
		before := writing.names()
		home := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(home, ".my.cnf"), []byte("[client]\nhost=127.0.0.1\nuser=ark\npassword=secret\nport="+port+"\n"), 0o600)).To(Succeed())
		runDocumented(ctx, dir, "MariaDB, while servers run", "HOME="+home)
		expectPrivate(dir, "ark.sql")
		seen, last := killWhileWriting(ctx, first, writing)

		Expect(shared.Exec(ctx, "DROP DATABASE ark; "+create)).To(Succeed())
		runDocumented(ctx, dir, "MariaDB: stop all servers", "HOME="+home)
		second := start(ctx, dir, made)
		Expect(second.agents(ctx)).To(And(ContainElements(before), Not(ContainElement(last))))
		Expect(revision(second.createAgent(ctx, "after"))).To(BeNumerically(">", revision(seen)+1_000_000))
	})
})

// libpq is how PostgreSQL's programs are told of a database.
func libpq(made postgrestest.Database) []string {
	GinkgoHelper()
	dsn, err := pgconn.ParseConfig(made.DSN())
	Expect(err).NotTo(HaveOccurred())
	return []string{
		"PGHOST=" + dsn.Host, "PGPORT=" + strconv.Itoa(int(dsn.Port)), "PGUSER=" + dsn.User, "PGPASSWORD=" + dsn.Password, "PGDATABASE=" + dsn.Database,
	}
}

// expectPrivate expects a file that nobody reads but its owner.
func expectPrivate(dir, name string) {
	GinkgoHelper()
	info, err := os.Stat(filepath.Join(dir, name))
	Expect(err).NotTo(HaveOccurred())
	Expect(info.Mode()).To(Equal(os.FileMode(0o600)), name)
}

// killWhileWriting kills a server once more was written since a backup. seen is what a client saw
// last, last the name of an agent that the backup does not have.
func killWhileWriting(ctx context.Context, s *server, w *writing) (seen *v1alpha1.AgentList, last string) {
	GinkgoHelper()
	atBackup := len(w.names())
	Eventually(ctx, func() int { return len(w.names()) }).Should(BeNumerically(">", atBackup+enough))
	seen, err := s.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	s.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
	w.stop()
	names := w.names()
	return seen, names[len(names)-1]
}

// runDocumented runs the commands after some words of standalone.md in a server's directory, with
// variables besides those of the environment.
func runDocumented(ctx context.Context, dir, words string, variables ...string) {
	GinkgoHelper()
	runCommands(ctx, dir, framework.DocumentedCommands("standalone.md", words), variables...)
}

// runCommands runs commands in a server's directory, as a user whose new files everybody may read.
func runCommands(ctx context.Context, dir string, commands []string, variables ...string) (output string) {
	GinkgoHelper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, command := range commands {
		shell := exec.CommandContext(ctx, "bash", "-e", "-c", "umask 022\n"+command)
		shell.Dir, shell.Env = dir, append(os.Environ(), variables...)
		text, err := shell.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), "%s\n%s", command, text)
		output += string(text)
	}
	return output
}
