package standalone_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
)

var _ = Describe("The first start", func() {
	It("prints commands that work as they are", func(ctx context.Context) {
		s := start(ctx, newDir(), newDatabase())
		s.createAgent(ctx, "poet")
		printed := regexp.MustCompile(`(?m)^  (.*)$`).FindAllStringSubmatch(string(s.Out.Contents()), -1)
		Expect(printed).NotTo(BeEmpty())
		kubectl, err := environment.Program("kubectl")
		Expect(err).NotTo(HaveOccurred())
		var script string
		for _, line := range printed {
			script += line[1] + "\n"
		}
		shell := exec.CommandContext(ctx, "sh", "-ec", script)
		shell.Env = append(os.Environ(), "HOME="+GinkgoT().TempDir(), "PATH="+filepath.Dir(kubectl)+":"+os.Getenv("PATH"))
		output, err := shell.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), "%s%s", script, output)
		Expect(string(output)).To(And(ContainSubstring("executionengines"), ContainSubstring("agent.ark.ai/poet")))
	})

	It("makes a data directory that is closed to others, with certificates, keys and a kubeconfig", func(ctx context.Context) {
		s := start(ctx, newDir(), newDatabase())
		Expect(mode(s.dir)).To(BeEquivalentTo(0o700))
		Expect(filesIn(s.dir)).To(ContainElements(append(credentials, datadir.AdminKubeconfig)))
		for _, name := range filesIn(s.dir) {
			Expect(mode(filepath.Join(s.dir, name))).To(BeEquivalentTo(0o600), name)
		}
	})

	It("makes an empty directory that exists private, too", func(ctx context.Context) {
		dir := newDir()
		Expect(os.Mkdir(dir, 0o755)).To(Succeed())
		start(ctx, dir, newDatabase())
		Expect(mode(dir)).To(BeEquivalentTo(0o700))
	})

	It("leaves a directory that is in use the mode that it has", func(ctx context.Context) {
		dir := newDir()
		Expect(os.Mkdir(dir, 0o750)).To(Succeed())
		Expect(os.WriteFile(filepath.Join(dir, "notes"), nil, 0o600)).To(Succeed())
		start(ctx, dir, newDatabase())
		Expect(mode(dir)).To(BeEquivalentTo(0o750))
	})

	It("uses the user's own directory if it is not given one", func(ctx context.Context) {
		database, home := newDatabase(), GinkgoT().TempDir()
		command := exec.Command(framework.Program(), append([]string{"--secure-port=0"}, database.flags...)...)
		command.Env = append(append(os.Environ(), "XDG_DATA_HOME="+home), database.variables...)
		s := run(filepath.Join(home, "ark-apiserver"), command)
		s.becomesReady(ctx)
		Expect(string(s.Out.Contents())).To(ContainSubstring(s.kubeconfig()))
		s.createAgent(ctx, "poet")
	})
})

var _ = Describe("A later start", func() {
	It("makes anew what is missing, and keeps the rest", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		start(ctx, dir, database).endsWith(ctx, syscall.SIGTERM, 0)
		kept := []string{datadir.AuthorityCertificate, datadir.AuthorityKey, datadir.ServiceAccountKey}
		before := checksums(dir, kept...)
		for _, name := range []string{datadir.ServingCertificate, datadir.ServingKey, datadir.AdminCertificate, datadir.AdminKey, datadir.AdminKubeconfig} {
			Expect(os.Remove(filepath.Join(dir, name))).To(Succeed())
		}
		start(ctx, dir, database).createAgent(ctx, "poet")
		Expect(checksums(dir, kept...)).To(Equal(before))
	})

	It("lets the kubeconfig follow the port, and keeps what the user added to it", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		first := start(ctx, dir, database)
		port := first.config().Host
		first.endsWith(ctx, syscall.SIGTERM, 0)
		kubeconfig, err := clientcmd.LoadFromFile(first.kubeconfig())
		Expect(err).NotTo(HaveOccurred())
		kubeconfig.Contexts["mine"] = &clientcmdapi.Context{Namespace: "mine"}
		Expect(clientcmd.WriteToFile(*kubeconfig, first.kubeconfig())).To(Succeed())

		second := start(ctx, dir, database)
		Expect(second.config().Host).NotTo(Equal(port))
		second.createAgent(ctx, "poet")
		kubeconfig, err = clientcmd.LoadFromFile(second.kubeconfig())
		Expect(err).NotTo(HaveOccurred())
		Expect(kubeconfig.Contexts).To(HaveKey("mine"))
	})

	It("has a certificate for the names that it is given", func(ctx context.Context) {
		database, dir := newDatabase(), newDir()
		start(ctx, dir, database).endsWith(ctx, syscall.SIGTERM, 0)
		s := start(ctx, dir, database, "--tls-san=ark.example.org")
		config := s.config()
		config.ServerName = "ark.example.org"
		Expect(kubernetes.NewForConfigOrDie(config).Discovery().ServerVersion()).NotTo(BeNil())
	})
})

var _ = Describe("The program", func() {
	DescribeTable("tells about itself",
		func(ctx context.Context, argument, want string) {
			session, err := gexec.Start(exec.CommandContext(ctx, framework.Program(), argument), nil, nil)
			Expect(err).NotTo(HaveOccurred())
			Eventually(ctx, session).Should(gexec.Exit(0))
			Expect(session.Out).To(gbytes.Say(want))
		},
		EntryDescription("with %[1]s"),
		Entry(nil, "version", `\S`),
		Entry(nil, "--help", "--storage-driver"),
	)
})
