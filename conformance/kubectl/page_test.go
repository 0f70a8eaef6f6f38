package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl get --chunk-size", func() {
	DescribeTable("lists everything, in order, whatever the size of a page",
		func(ctx context.Context, size string, pages int) {
			write, read := administrators(ctx)
			var manifest strings.Builder
			for _, name := range []string{"e", "d", "c", "b", "a"} {
				manifest.WriteString("---" + query(name, "pages"))
			}
			write.finds(manifest.String())
			got := read.run("get", "queries", "--chunk-size="+size, "-o", itemNames, "-v=6")
			Expect(got.stdout).To(Equal("a b c d e"))
			Expect(strings.Count(got.stderr, "limit="+size)).To(Equal(pages), got.stderr)
			// A selector is applied before the pages are made.
			read.says("e", "get", "queries", "--chunk-size="+size, "--field-selector", "metadata.name=e", "-o", itemNames)
		},
		Entry("one by one", "1", 5),
		Entry("two at a time", "2", 3),
		Entry("five at a time", "5", 1),
	)
})
