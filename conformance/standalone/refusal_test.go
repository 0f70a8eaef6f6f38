package standalone_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// refuses wants the server to end with one line on standard error that has all parts.
func (s *server) refuses(ctx context.Context, parts ...string) {
	GinkgoHelper()
	Eventually(ctx, s).Should(gexec.Exit(1))
	Expect(string(s.Out.Contents())).To(MatchRegexp(`\A(Starting on (a|the) .* database.*\n)?\z`), "more than what it starts on")
	message := string(s.Err.Contents())
	Expect(message).To(MatchRegexp(`\Aark-apiserver: .*\n\z`), "not one line of error")
	for _, part := range parts {
		Expect(message).To(ContainSubstring(part))
	}
}

var _ = Describe("A server with wrong flags", func() {
	DescribeTable("says so in one line, and leaves nothing behind:",
		func(ctx context.Context, flag string, parts ...string) {
			dir := newDir()
			Expect(os.Mkdir(dir, 0o700)).To(Succeed())
			launch(dir, onSQLite, flag).refuses(ctx, parts...)
			Expect(filesIn(dir)).To(BeEmpty())
		},
		Entry("an unknown flag", "--wizard", "unknown flag: --wizard"),
		Entry("an unknown driver", "--storage-driver=oracle", "--storage-driver", `"oracle"`, "must be one of sqlite, postgresql"),
		Entry("an unknown command", "wizard", `unknown command "wizard"`),
		Entry("a flag of the other driver", "--postgresql-host=db", "--postgresql-host", "no effect", "--storage-driver=sqlite"),
		Entry("what is not a number", "--secure-port=many", "--secure-port", `"many"`),
	)

	It("names the port that is taken", func(ctx context.Context) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
		launch(newDir(), newDatabase(), "--secure-port="+port).refuses(ctx, "port "+port, "in use", "--secure-port")
	})
})

var _ = Describe("A server that may not write", func() {
	DescribeTable("names the directory",
		func(ctx context.Context, name, want string) {
			// Other users can't get into a spec's own temporary directory.
			dir, err := os.MkdirTemp("", "read-only-")
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(os.RemoveAll, dir)
			// If it were empty and its own, the server would change its mode.
			Expect(os.WriteFile(filepath.Join(dir, "other"), nil, 0o600)).To(Succeed())
			Expect(os.Chmod(dir, 0o555)).To(Succeed())
			DeferCleanup(os.Chmod, dir, os.FileMode(0o700))
			asNobody(filepath.Join(dir, name)).refuses(ctx, want, dir, "permission denied")
		},
		Entry("that is read-only", "", "can't write to the data directory"),
		Entry("that it can't make", "new/data", "can't create the data directory"),
	)
})

var _ = Describe("A server that finds what others may change", func() {
	DescribeTable("says what to do, in one line:",
		func(ctx context.Context, name string, mode os.FileMode, advice string) {
			dir := newDir()
			start(ctx, dir, onSQLite).endsWith(ctx, syscall.SIGTERM, 0)
			path := filepath.Join(dir, name)
			Expect(os.Chmod(path, mode)).To(Succeed())
			launch(dir, onSQLite).refuses(ctx, advice+" "+path)
		},
		Entry("the directory", "", os.FileMode(0o777), "chmod o-w"),
		Entry("the database", datadir.Database, os.FileMode(0o606), "chmod o-w"),
		Entry("the authority's key", datadir.AuthorityKey, os.FileMode(0o604), "chmod o-r"),
		Entry("the key of service accounts", datadir.ServiceAccountKey, os.FileMode(0o602), "chmod o-w"),
	)
})

// asNobody launches a server without root's privileges: root may write everywhere.
func asNobody(dir string) *server {
	GinkgoHelper()
	command := command(dir)
	if os.Getuid() == 0 {
		const nobody = 65534
		// The directory of the program may be closed to others.
		program, err := os.Open(command.Path)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(program.Close)
		command.Path, command.ExtraFiles = "/proc/self/fd/3", []*os.File{program}
		command.Dir = os.TempDir()
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return run(dir, command)
}

// entrance is how a database is come at.
type entrance struct {
	host                     string
	port                     int
	name, username, password string
}

// newEntrance is that of a new database.
func newEntrance() entrance {
	GinkgoHelper()
	if framework.Env.Driver == environment.MySQL {
		made := mysqltest.Shared(GinkgoTB()).NewDatabase(GinkgoTB())
		return entrance{made.Host, made.Port, made.Name, made.Username, made.Password}
	}
	made := postgrestest.Shared(GinkgoTB()).NewDatabase(GinkgoTB())
	return entrance{made.Host, made.Port, made.Name, made.Username, made.Password}
}

var _ = Describe("A server that its database does not let in", framework.OnDatabaseServer, func() {
	DescribeTable("says why, in one line:",
		func(ctx context.Context, change func(*entrance), parts ...string) {
			at := newEntrance()
			change(&at)
			password := filepath.Join(GinkgoT().TempDir(), "password")
			Expect(os.WriteFile(password, []byte(at.password), 0o600)).To(Succeed())
			flags := []string{"--storage-driver=" + framework.Env.Driver}
			for name, value := range map[string]string{
				"host": at.host, "port": strconv.Itoa(at.port), "username": at.username, "database": at.name, "password-file": password,
			} {
				flags = append(flags, "--"+framework.Env.Driver+"-"+name+"="+value)
			}
			said := strings.NewReplacer("ADDRESS", net.JoinHostPort(at.host, strconv.Itoa(at.port)), "USER", at.username)
			for i := range parts {
				parts[i] = said.Replace(parts[i])
			}
			launch(newDir(), database{flags: flags}).refuses(ctx, parts...)
		},
		Entry("a wrong password", func(at *entrance) { at.password = "wrong" }, "ADDRESS", "password", "USER"),
		Entry("a port where nobody listens", func(at *entrance) { at.port = 1 }, "at ADDRESS can't be reached", "connection refused"),
		Entry("a database that does not exist", func(at *entrance) { at.name = "nowhere" }, "nowhere"),
	)
})
