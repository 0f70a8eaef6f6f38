package oracle_test

import (
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
)

// outcome is what a spec adds to the report, under the name "oracle".
type outcome struct {
	// Compared is the number of requests whose answers were compared.
	Compared int `json:"compared"`
	// Random is how many of them were made up.
	Random int `json:"random,omitempty"`
	// Known is how often each known difference occurred.
	Known map[string]int `json:"known,omitempty"`
}

const entryName = "oracle"

// judge fails the spec if there is a difference that is not known, and reports those that are.
func judge(compared, random int, found []difference) {
	GinkgoHelper()
	o := outcome{Compared: compared, Random: random, Known: map[string]int{}}
	var unknown []string
	for _, d := range found {
		if id, ok := identify(d); ok {
			o.Known[id]++
		} else {
			unknown = append(unknown, d.String())
		}
	}
	AddReportEntry(entryName, o, ReportEntryVisibilityNever)
	if len(unknown) > 0 {
		Fail(fmt.Sprintf("%d differences:\n%s", len(unknown), strings.Join(unknown, "\n")))
	}
}

// In the end the counts are added up, and the list of differences is held to what really occurs.
var _ = ReportAfterSuite("The list of known differences", func(report Report) {
	total := outcome{Known: map[string]int{}}
	complete := true
	for _, spec := range report.SpecReports {
		complete = complete && spec.State.Is(types.SpecStatePassed)
		for _, entry := range spec.ReportEntries {
			if entry.Name == entryName {
				total.add(entry.GetRawValue())
			}
		}
	}
	fmt.Printf("oracle: %d requests compared, %d of them random; known differences: %v\n", total.Compared, total.Random, total.Known)
	if !complete { // some specs were left out, or failed
		return
	}
	for _, k := range knownDifferences {
		if k.inMode() {
			Expect(total.Known).To(HaveKey(k.ID), "differences.yaml lists a difference that does not occur any more")
		}
	}
})

// add adds the outcome of a spec, which may have run in another process.
func (o *outcome) add(value any) {
	text, err := json.Marshal(value)
	Expect(err).NotTo(HaveOccurred())
	var other outcome
	Expect(json.Unmarshal(text, &other)).To(Succeed())
	o.Compared += other.Compared
	o.Random += other.Random
	for id, count := range other.Known {
		o.Known[id] += count
	}
}
