package standalone_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

const plainText = "PlainTextOf"

var _ = Describe("Encryption at rest", func() {
	DescribeTable("leaves nothing in plain text in the database's files, as docs/standalone.md says",
		func(ctx context.Context, before, after func(config, selectorKey string) []string, restart bool) {
			dir := newDir()
			database, files, flush := onSQLite, dir, func() {}
			switch framework.Env.Driver { // nobody else writes to a server's files
			case environment.PostgreSQL:
				server := postgrestest.New(GinkgoTB())
				database, files = onPostgreSQL(server), filepath.Join(server.Dir, "data", "base")
				flush = func() { Expect(server.Exec(ctx, "CHECKPOINT")).To(Succeed()) }
			case environment.MySQL:
				server := mysqltest.New(GinkgoTB())
				made := server.NewDatabase(GinkgoTB())
				database, files = inMySQL(made), filepath.Join(server.Dir, "data", made.Name)
				flush = func() { server.Stop(GinkgoTB()); server.Start(GinkgoTB()) }
			}
			keys := GinkgoT().TempDir()
			config, selectorKey := filepath.Join(keys, "encryption.yaml"), filepath.Join(keys, "selector.key")
			encrypting := "secretbox: {keys: [{name: one, secret: " + newKey() + "}]}"
			encryptBy(config, "identity: {}", encrypting)
			Expect(os.WriteFile(selectorKey, []byte(newKey()), 0o600)).To(Succeed())

			server := start(ctx, dir, database, before(config, selectorKey)...)
			for _, name := range []string{"one", "two", "deleted"} {
				agent := newAgent(name)
				agent.Labels = map[string]string{plainText + "Label": plainText + "Label-" + name}
				agent.Spec.Prompt = new(strings.Repeat(plainText+"Prompt ", 2000))
				_, err := server.ark().Agents(metav1.NamespaceDefault).Create(ctx, agent, metav1.CreateOptions{})
				Expect(err).NotTo(HaveOccurred())
			}
			Expect(server.ark().Agents(metav1.NamespaceDefault).Delete(ctx, "deleted", metav1.DeleteOptions{})).To(Succeed())
			if restart {
				server.endsWith(ctx, syscall.SIGTERM, 0)
			}
			flush()
			Expect(hasPlainText(files)).To(BeTrue(), "nothing that could be found again")

			encryptBy(config, encrypting, "identity: {}")
			if restart {
				server = start(ctx, dir, database, after(config, selectorKey)...)
			} else {
				server.reloads(ctx)
			}
			kubectl, err := environment.Program("kubectl")
			Expect(err).NotTo(HaveOccurred())
			bin := GinkgoT().TempDir()
			Expect(os.Symlink(framework.Program(), filepath.Join(bin, "ark-apiserver"))).To(Succeed())
			variables := []string{"KUBECONFIG=" + server.kubeconfig(), "PATH=" + strings.Join([]string{bin, filepath.Dir(kubectl), os.Getenv("PATH")}, ":")}
			runDocumented(ctx, dir, "## How do I encrypt it?", variables...)
			list, err := server.ark().Agents(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{LabelSelector: plainText + "Label=" + plainText + "Label-two"})
			Expect(err).NotTo(HaveOccurred())
			Expect(list.Items).To(HaveExactElements(HaveField("Name", "two")))
			server.endsWith(ctx, syscall.SIGTERM, 0)

			if framework.Env.Driver != environment.SQLite {
				purge := exec.CommandContext(ctx, framework.Program(), append([]string{"purge"}, database.flags...)...)
				purge.Env = append(os.Environ(), database.variables...)
				output, err := purge.CombinedOutput()
				Expect(err).NotTo(HaveOccurred(), string(output))
			} else {
				runDocumented(ctx, dir, "### What is left of what was in plain text?", variables...)
			}
			flush()
			Expect(hasPlainText(files)).To(BeFalse())

			agents := start(ctx, dir, database, after(config, selectorKey)...).ark().Agents(metav1.NamespaceDefault)
			agent, err := agents.Get(ctx, "one", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			Expect(*agent.Spec.Prompt).To(HavePrefix(plainText))
		},
		Entry("switched on by a flag", none, encrypted, true),
		Entry("switched on by a flag, with a key for selectors", none, encryptedWithKey, true),
		Entry("switched on by a change of its file", encrypted, encryptedWithKey, true),
		Entry("switched on by a change of its file, which the server reloads", framework.Long, reloading, reloading, false),
	)
})

func newKey() string {
	key := make([]byte, 32)
	_, err := rand.Read(key)
	Expect(err).NotTo(HaveOccurred())
	return base64.StdEncoding.EncodeToString(key)
}

// encryptBy writes an EncryptionConfiguration with providers in this order.
func encryptBy(path string, providers ...string) {
	GinkgoHelper()
	text := "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: ['*.ark.ai']\n  providers:\n"
	for _, provider := range providers {
		text += "  - " + provider + "\n"
	}
	Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
}

// hasPlainText searches all files below a directory.
func hasPlainText(dir string) (found bool) {
	GinkgoHelper()
	Expect(filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(content, []byte(plainText))
		return err
	})).To(Succeed())
	return found
}

func none(string, string) []string { return nil }

func encrypted(config, _ string) []string {
	return []string{"--encryption-provider-config=" + config, "--watch-cache-sizes=agents.ark.ai#0"}
}

// reloading looks for a changed file once a minute.
func reloading(config, selectorKey string) []string {
	return append(encryptedWithKey(config, selectorKey), "--encryption-provider-config-automatic-reload")
}

// reloads waits until the server has taken in a change of its encryption configuration.
func (s *server) reloads(ctx context.Context) {
	GinkgoHelper()
	Eventually(ctx, func() (string, error) {
		metrics, err := s.client().RESTClient().Get().AbsPath("/metrics").DoRaw(ctx)
		return string(metrics), err
	}).WithTimeout(3 * time.Minute).WithPolling(time.Second).Should(MatchRegexp(`apiserver_encryption_config_controller_automatic_reloads_total\{.*status="success"\} [1-9]`))
}

func encryptedWithKey(config, selectorKey string) []string {
	return append(encrypted(config, ""), "--encryption-selector-key-file="+selectorKey)
}
