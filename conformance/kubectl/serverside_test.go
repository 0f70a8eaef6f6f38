package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl apply --server-side", func() {
	const (
		poet     = "jsonpath={.spec.prompt}|{.spec.description}"
		version  = "jsonpath={.metadata.resourceVersion}"
		managers = `jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.apiVersion} {.fieldsV1}{"\n"}{end}`
	)
	var (
		described   = agent("poet", "Rhyme.\n  description: Writes verse.")
		wellRhyming = agent("poet", "Rhyme well.")
	)
	apply := func(k kubectl, manager, manifest string, args ...string) result {
		GinkgoHelper()
		return k.given(manifest).run(append([]string{"apply", "--server-side", "--field-manager", manager, "-f", "-"}, args...)...)
	}
	applied := Equal(result{stdout: "agent.ark.ai/poet serverside-applied\n"})

	It("changes nothing the second time", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(apply(write, "alice", described)).To(applied)
		before := read.ok("get", "agent", "poet", "-o", version)
		Expect(apply(write, "alice", described)).To(applied)
		read.says(before, "get", "agent", "poet", "-o", version)
	})

	It("refuses to change a field of another manager, and says whose it is", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(apply(write, "alice", described)).To(applied)
		got := apply(write, "bob", wellRhyming)
		Expect(got.status).To(Equal(1))
		Expect(got.stderr).To(show(`Apply failed with 1 conflict: conflict with "alice": .spec.prompt`, "--force-conflicts"))
		read.says("Rhyme.|Writes verse.", "get", "agent", "poet", "-o", poet)
	})

	It("takes the field with --force-conflicts; the other manager keeps the rest", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(apply(write, "alice", described)).To(applied)
		Expect(apply(write, "bob", wellRhyming, "--force-conflicts")).To(applied)
		read.says("Rhyme well.|Writes verse.", "get", "agent", "poet", "-o", poet)
		read.says(`alice Apply ark.ai/v1alpha1 {"f:spec":{"f:description":{},"f:modelRef":{"f:name":{}}}}`+"\n"+
			`bob Apply ark.ai/v1alpha1 {"f:spec":{"f:modelRef":{"f:name":{}},"f:prompt":{}}}`, "get", "agent", "poet", "--show-managed-fields", "-o", managers)

		By("alice giving up the description, which was hers alone")
		Expect(apply(write, "alice", wellRhyming)).To(applied)
		read.says("Rhyme well.|", "get", "agent", "poet", "-o", poet)
	})

	It("leaves a field alone that one of two managers gives up", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(apply(write, "alice", described)).To(applied)
		Expect(apply(write, "bob", described)).To(applied)
		Expect(apply(write, "alice", agent("poet", "Rhyme."))).To(applied)
		read.says("Rhyme.|Writes verse.", "get", "agent", "poet", "-o", poet)
		Expect(apply(write, "bob", agent("poet", "Rhyme."))).To(applied)
		read.says("Rhyme.|", "get", "agent", "poet", "-o", poet)
	})

	It("hands a field over if the old manager stops mentioning it after the new one began", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(apply(write, "alice", described)).To(applied)
		Expect(apply(write, "bob", described)).To(applied)
		Expect(apply(write, "alice", agent("poet", "Rhyme."))).To(applied)
		Expect(apply(write, "bob", agent("poet", "Rhyme.\n  description: Sings."))).To(applied)
		read.says("Rhyme.|Sings.", "get", "agent", "poet", "-o", poet)
	})

	It("conflicts with who changed a field by other means", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(apply(write, "alice", described)).To(applied)
		write.ok("patch", "agent", "poet", "--type=merge", "--field-manager=carol", "-p", `{"spec":{"prompt":"Hum."}}`)
		got := apply(write, "alice", described)
		Expect(got.status).To(Equal(1))
		Expect(got.stderr).To(show(`conflict with "carol"`, ".spec.prompt"))
		Expect(apply(write, "alice", described, "--force-conflicts")).To(applied)
		read.says("Rhyme.|Writes verse.", "get", "agent", "poet", "-o", poet)
	})

	It("takes over what kubectl apply managed, without a conflict", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(described).ok("apply", "-f", "-")
		Expect(apply(write, "kubectl", wellRhyming)).To(applied)
		read.says("Rhyme well.|", "get", "agent", "poet", "-o", poet)
	})

	It("applies a sample of every kind twice, without a difference", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(outcomes(write.ok("apply", "--server-side", "-f", samples))).To(ConsistOf("serverside-applied"))
		before := read.ok("get", "ark", "-o", versions)
		write.ok("apply", "--server-side", "-f", samples)
		Expect(read.run("diff", "--server-side", "-f", samples)).To(Equal(result{}))
		Expect(read.ok("get", "ark", "-o", versions)).To(Equal(before))
	})
})
