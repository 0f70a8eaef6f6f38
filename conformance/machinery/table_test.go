package machinery_test

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

// table is the body as a metav1.Table.
func (a answer) table() metav1.Table {
	GinkgoHelper()
	var table metav1.Table
	Expect(json.Unmarshal([]byte(a.succeeds(200).Body), &table)).To(Succeed())
	Expect(table.Kind).To(Equal("Table"))
	Expect(table.APIVersion).To(Equal("meta.k8s.io/v1"))
	return table
}

var _ = Describe("A table", func() {
	var namespace, collection string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		collection = path(namespace, "queries")
		for _, name := range []string{"a", "b", "c"} {
			created(ctx, namespace, query(name))
		}
		patched(ctx, namespace, "b", `{"status":{"phase":"done","duration":"3s"}}`, "status")
	})

	It("has the columns of the kind, and a row per object", func(ctx context.Context) {
		table := get(ctx, collection, accept(tableType)).table()
		var columns []string
		priorities := map[string]int32{}
		for _, c := range table.ColumnDefinitions {
			columns = append(columns, c.Name)
			priorities[c.Name] = c.Priority
		}
		Expect(columns).To(Equal([]string{"Name", "Type", "Phase", "Duration", "Target", "Session", "Age"}))
		Expect(priorities).To(And(HaveKeyWithValue("Phase", BeZero()), HaveKeyWithValue("Session", BeEquivalentTo(1))))
		Expect(table.ColumnDefinitions[0].Format).To(Equal("name"))
		Expect(table.Rows).To(HaveLen(3))
		Expect(table.Rows[1].Cells).To(HaveExactElements("b", "user", "done", "3s", "greeter", nil, Not(BeEmpty())))
		Expect(revision(table.ResourceVersion)).To(BeNumerically(">", 0))
	})

	It("has whole objects, their metadata, or nothing, as is asked for", func(ctx context.Context) {
		for include, want := range map[string]OmegaMatcher{
			"":          HaveKeyWithValue("kind", "PartialObjectMetadata"),
			"=Metadata": HaveKeyWithValue("kind", "PartialObjectMetadata"),
			"=Object":   And(HaveKeyWithValue("kind", "Query"), HaveKey("spec")),
			"=None":     BeNil(),
		} {
			parameter := ""
			if include != "" {
				parameter = "?includeObject" + include
			}
			for _, row := range get(ctx, collection+parameter, accept(tableType)).table().Rows {
				var object map[string]any
				if len(row.Object.Raw) > 0 {
					Expect(json.Unmarshal(row.Object.Raw, &object)).To(Succeed())
				}
				Expect(object).To(want, include)
				if object != nil {
					Expect(object).To(HaveKeyWithValue("metadata", HaveKeyWithValue("name", row.Cells[0])))
				}
			}
		}
		get(ctx, collection+"?includeObject=Some", accept(tableType)).refuses(400, metav1.StatusReasonBadRequest, "must be 'Metadata', 'Object', 'None', or empty")
	})

	It("comes in pages", func(ctx context.Context) {
		first := get(ctx, collection+"?limit=2", accept(tableType)).table()
		Expect(first.Rows).To(HaveLen(2))
		Expect(first.RemainingItemCount).To(HaveValue(BeEquivalentTo(1)))
		second := get(ctx, collection+"?limit=2&continue="+first.Continue, accept(tableType)).table()
		Expect(second.Rows).To(HaveExactElements(HaveField("Cells", ContainElement("c"))))
		Expect(second.Continue).To(BeEmpty())
	})

	It("is made of one object, of none, and of a selection", func(ctx context.Context) {
		Expect(get(ctx, collection+"/b", accept(tableType)).table().Rows).To(HaveExactElements(HaveField("Cells", ContainElement("done"))))
		Expect(get(ctx, collection+"?fieldSelector=status.phase%3Ddone", accept(tableType)).table().Rows).To(HaveLen(1))
		Expect(get(ctx, collection+"?labelSelector=none", accept(tableType)).Body).To(ContainSubstring(`"rows":[]`))
	})

	It("is the answer to a deletion in the foreground, and of the status, too", func(ctx context.Context) {
		Expect(get(ctx, path(namespace, "queries", "b", "status"), accept(tableType)).table().Rows).To(HaveLen(1))
		created(ctx, namespace, held("held"))
		Expect(send(ctx, "DELETE", collection+"/held", "", accept(tableType)).table().Rows).To(HaveLen(1))
		release(ctx, namespace, "held")
	})

	It("exists of every kind", func(ctx context.Context) {
		for _, k := range namespaced() {
			send(ctx, "POST", k.path(namespace), k.manifest("it")).succeeds(201)
			table := get(ctx, k.path(namespace, "it"), accept(tableType)).table()
			Expect(table.Rows).To(HaveLen(1), k.Kind)
			Expect(table.Rows[0].Cells).To(HaveLen(len(table.ColumnDefinitions)), k.Kind)
			Expect(table.Rows[0].Cells[0]).To(Equal("it"))
			Expect(table.ColumnDefinitions).To(ContainElement(HaveField("Name", "Age")), k.Kind)
		}
	})
})
