package standalone_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
)

var _ = Describe("A bit that flipped in a SQLite file", framework.OnSQLite, func() {
	It("is found by ark-apiserver verify, and is not taken for what was written", func(ctx context.Context) {
		dir := newDir()
		first := start(ctx, dir, onSQLite)
		for _, name := range []string{"whole", "damaged"} {
			agent := newAgent(name)
			agent.Spec.Description = new("the text of " + name)
			_, err := first.ark().Agents(metav1.NamespaceDefault).Create(ctx, agent, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
		}
		first.endsWith(ctx, syscall.SIGTERM, 0)
		path := filepath.Join(dir, datadir.Database)
		output, err := verify(path)
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).To(MatchRegexp(`\A\d+ objects and \d+ changes up to revision \d+ were read\n\z`))

		file, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		at := bytes.LastIndex(file, []byte("the text of damaged"))
		Expect(at).To(BeNumerically(">", 0))
		file[at] ^= 1
		Expect(os.WriteFile(path, file, 0o600)).To(Succeed())

		output, err = verify(path)
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("/agents/default/damaged"))
		Expect(output).NotTo(ContainSubstring("/agents/default/whole"))
		agents := start(ctx, dir, onSQLite).ark().Agents(metav1.NamespaceDefault)
		_, err = agents.Get(ctx, "whole", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, err = agents.Get(ctx, "damaged", metav1.GetOptions{})
		Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("damaged it")))
	})
})

func verify(path string) (output string, err error) {
	GinkgoHelper()
	text, err := exec.Command(framework.Program(), "verify", "--sqlite-path", path).CombinedOutput()
	return string(text), err
}
