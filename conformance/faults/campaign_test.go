package faults_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/faults/campaign"
	"ark.ai/apiserver/conformance/faults/check"
	"ark.ai/apiserver/conformance/framework"
)

var seed = flag.Int64("seed", rand.Int64N(1_000_000), "of the campaign: each run has another one unless it is said")

// violated has a violation stay one when the check is tried again.
var violated string

var _ = Describe("While servers and their database are broken", func() {
	It("no acknowledged write is lost and no reader is misled", func(ctx context.Context) {
		Expect(violated).To(BeEmpty(), "it was found at the first attempt")
		dir, err := os.MkdirTemp("", "faults-")
		Expect(err).NotTo(HaveOccurred())
		result, err := campaign.Run(ctx, campaign.Options{
			Driver: framework.Env.Driver, Program: framework.Program(), Dir: dir, Seed: *seed, Faults: campaign.Faults(framework.Env.Driver), Output: GinkgoWriter,
		})
		Expect(err).NotTo(HaveOccurred(), "-seed %d: the logs are in %s", *seed, dir)
		AddReportEntry("seed", *seed)
		for _, figure := range campaign.Figures([]*campaign.Result{result}) {
			AddReportEntry(figure.Fault, row{figure.Injected, figure.Operations, figure.Unknown, figure.Heal.Round(time.Millisecond).String(), figure.Violations, figure.Lost, figure.WatchAnomalies})
		}
		if len(result.Violations) == 0 {
			Expect(os.RemoveAll(dir)).To(Succeed())
			return
		}
		violated = fmt.Sprintf("%d violations with -seed %d, recorded in %s:\n%s", len(result.Violations), *seed, result.Recording,
			check.Account(result.History, result.Violations))
		Fail(violated)
	}, NodeTimeout(10*time.Minute))
})

// row is what the report shows of a fault.
type row struct {
	Injected       int    `json:"injected"`
	Operations     int    `json:"operations"`
	Unknown        int    `json:"without an answer"`
	Heal           string `json:"healed after"`
	Violations     int    `json:"violations"`
	Lost           int    `json:"lost writes"`
	WatchAnomalies int    `json:"watch anomalies"`
}
