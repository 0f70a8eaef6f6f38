package oracle_test

import (
	"context"
	"flag"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/conformance/framework"
)

// The default seed is fixed: a run says the same as the one before. Others find more.
var (
	seed      = flag.Uint64("seed", 1, "of the random sequences of requests")
	sequences = flag.Int("sequences", 8, "number of random sequences of requests")
	length    = flag.Int("length", 60, "of a random sequence")
)

var _ = Describe("Random sequences of requests", func() {
	It("have the same answers", func(ctx SpecContext) {
		for number := range *sequences {
			steps := newSequence(*seed, number, *length)
			found := carryOut(ctx, steps)
			if slices.ContainsFunc(found, isUnknown) {
				fewer := shrink(ctx, steps)
				text, err := yaml.Marshal(fewer)
				Expect(err).NotTo(HaveOccurred())
				AddReportEntry(fmt.Sprintf("minimal steps of sequence %d, -seed %d", number, *seed), string(text))
				// A difference that does not come again is one all the same.
				if again := carryOut(ctx, fewer); slices.ContainsFunc(again, isUnknown) {
					steps, found = fewer, again
				}
			}
			judge(len(watched(steps)), len(steps), found)
		}
	})
})

// carryOut runs steps and watches, in a namespace of their own.
func carryOut(ctx context.Context, steps []step) []difference {
	GinkgoHelper()
	found, err := run(ctx, framework.Namespace(ctx), watched(steps))
	Expect(err).NotTo(HaveOccurred())
	return found
}

func isUnknown(d difference) bool {
	_, known := identify(d)
	return !known
}

// shrink leaves out all steps without which there is still an unknown difference.
func shrink(ctx context.Context, steps []step) []step {
	GinkgoHelper()
	for size := max(len(steps)/2, 1); size > 0; size /= 2 {
		for i := 0; i+size <= len(steps); {
			fewer := slices.Concat(steps[:i], steps[i+size:])
			if slices.ContainsFunc(carryOut(ctx, fewer), isUnknown) {
				steps = fewer
			} else {
				i += size
			}
		}
	}
	return steps
}
