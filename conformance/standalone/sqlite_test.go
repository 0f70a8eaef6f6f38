package standalone_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
)

var _ = Describe("A SQLite file", framework.OnSQLite, func() {
	It("belongs to one server: a second one is refused, and disturbs nobody", func(ctx context.Context) {
		first := start(ctx, newDir(), onSQLite)
		path := filepath.Join(first.dir, datadir.Database)
		launch(newDir(), onSQLite, "--sqlite-path="+path).refuses(ctx, path, "in use by process "+strconv.Itoa(first.Command.Process.Pid))
		first.createAgent(ctx, "poet")
		_, text := first.read(ctx, "/readyz")
		Expect(text).To(Equal("ok"))
	})

	It("whose write-ahead log is removed takes no more writes, and has lost none after kill -9", func(ctx context.Context) {
		first := start(ctx, newDir(), onSQLite)
		first.createAgent(ctx, "poet")
		Expect(os.Remove(filepath.Join(first.dir, datadir.Database+"-wal"))).To(Succeed())
		_, err := first.ark().Agents(metav1.NamespaceDefault).Create(ctx, newAgent("painter"), metav1.CreateOptions{})
		Expect(apierrors.IsServiceUnavailable(err)).To(BeTrue(), "%v", err)
		status, _ := first.read(ctx, "/readyz")
		Expect(status).To(Equal(http.StatusInternalServerError))
		Eventually(ctx, func() string {
			_, text := first.read(ctx, "/readyz/database")
			return text
		}).Should(And(ContainSubstring("ark.db-wal was removed"), ContainSubstring("everything is in")))
		first.agent(ctx, "poet")
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		start(ctx, first.dir, onSQLite).agent(ctx, "poet")
	})

	DescribeTable("that is damaged is refused, and not changed:",
		func(ctx context.Context, damage func([]byte) []byte) {
			dir := newDir()
			start(ctx, dir, onSQLite).endsWith(ctx, syscall.SIGTERM, 0)
			path := filepath.Join(dir, datadir.Database)
			file, err := os.ReadFile(path)
			Expect(err).NotTo(HaveOccurred())
			Expect(os.WriteFile(path, damage(file), 0o600)).To(Succeed())
			before := checksums(dir, datadir.Database)
			launch(dir, onSQLite).refuses(ctx, path, "damaged")
			Expect(checksums(dir, datadir.Database)).To(Equal(before))
		},
		Entry("other content", func([]byte) []byte { return []byte("Dear diary,\n") }),
		Entry("no header", func(file []byte) []byte { return scribble(file[:4096], file) }),
		Entry("the end is missing", func(file []byte) []byte { return file[:5000] }),
		Entry("garbage in its pages", func(file []byte) []byte { return scribble(file[8192:], file) }),
	)
})

// scribble writes garbage over a part of a file.
func scribble(part, file []byte) []byte {
	_, _ = rand.Read(part)
	return file
}
