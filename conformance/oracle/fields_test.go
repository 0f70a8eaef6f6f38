package oracle_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Every field", func() {
	samples := loadSamples()
	for _, kind := range slices.Sorted(maps.Keys(samples)) {
		It("of the spec, spoilt: "+kind, func(ctx SpecContext) {
			var steps []step
			for _, variant := range spoil(object(samples[kind].Full, nil), "spec") {
				steps = append(steps, step{
					Send: "POST " + samples[kind].Plural + "?dryRun=All", Note: variant.what, Body: variant.object,
				})
			}
			found, err := run(ctx, framework.Namespace(ctx), steps)
			Expect(err).NotTo(HaveOccurred())
			judge(len(steps), 0, found)
		})

		It("of the status, spoilt: "+kind, func(ctx SpecContext) {
			plural := samples[kind].Plural
			steps := []step{{Send: "POST " + plural, Body: marshal(object(samples[kind].Minimal, nil)), As: "it"}}
			for _, variant := range spoil(object(samples[kind].Minimal, samples[kind].Status), "status") {
				steps = append(steps, step{
					Send: "PUT " + plural + "/it/status?dryRun=All", Note: variant.what, Body: variant.object,
				})
			}
			found, err := run(ctx, framework.Namespace(ctx), steps)
			Expect(err).NotTo(HaveOccurred())
			judge(len(steps), 0, found)
		})
	}
})

// object makes an object of a spec and a status. Its version is that of the answer "it", if there
// is one.
func object(spec, status json.RawMessage) map[string]any {
	metadata := map[string]any{"name": "it"}
	result := map[string]any{"metadata": metadata, "spec": parseJSON(spec)}
	if status != nil {
		metadata["resourceVersion"] = "$(it.resourceVersion)"
		result["status"] = parseJSON(status)
	}
	return result
}

func marshal(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("%v: %w", value, err))
	}
	return text
}
