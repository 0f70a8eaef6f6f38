package standalone_test

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/objectstore/s3test"
)

var _ = Describe("A backup in a bucket as docs/backup.md describes it", framework.OnSQLite, func() {
	It("is taken while clients write, and restored from there", func(ctx context.Context) {
		dir, variables := newHome()
		bucket := s3test.New(GinkgoTB())
		for variable, value := range bucket.Variables() {
			variables = append(variables, variable+"="+value)
		}
		first := start(ctx, dir, onSQLite)
		writing := first.startWriting(ctx)
		before := writing.names()
		commands := framework.DocumentedCommands("backup.md", "## How do I back up to a bucket?")
		runCommands(ctx, dir, commands[:1], variables...)
		made, err := filepath.Glob(bucket.File("ark/ark-*.db"))
		Expect(err).NotTo(HaveOccurred())
		Expect(made).To(HaveLen(1))
		first.endsWith(ctx, syscall.SIGKILL, 128+int(syscall.SIGKILL))
		writing.stop()
		name := filepath.Base(made[0])
		verify := strings.ReplaceAll(commands[1], "ark-20261129T031700Z.db", name)
		Expect(runCommands(ctx, dir, []string{verify}, variables...)).To(ContainSubstring("objects and"))

		runCommands(ctx, dir, []string{"ark-apiserver restore --replace s3://" + s3test.Bucket + "/ark/" + name}, variables...)
		expectPrivate(dir, "ark.db")
		Expect(start(ctx, dir, onSQLite).agents(ctx)).To(ContainElements(before))
	})
})
