package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A dry run", func() {
	var namespace, collection, one string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		collection, one = path(namespace, "queries"), path(namespace, "queries", "q")
	})

	It("answers as the real request would, and stores nothing", func(ctx context.Context) {
		start := created(ctx, namespace, query("q"))
		w := watch(ctx, collection, "resourceVersion="+start.ResourceVersion)
		const dry = "?dryRun=All"

		fresh := send(ctx, http.MethodPost, collection+dry, jsonOf(query("fresh"))).succeeds(201).object()
		Expect(fresh.GetUID()).NotTo(BeEmpty())
		Expect(fresh.GetCreationTimestamp().Time).NotTo(BeZero())
		Expect(fresh.Object["spec"]).To(HaveKeyWithValue("ttl", "720h"))

		q := query("q")
		q.ResourceVersion, q.Spec.SessionID = start.ResourceVersion, new("new")
		replaced := send(ctx, http.MethodPut, one+dry, jsonOf(q)).succeeds(200).object()
		Expect(replaced.GetGeneration()).To(BeEquivalentTo(2))
		Expect(replaced.Object["spec"]).To(HaveKeyWithValue("sessionId", "new"))

		merged := send(ctx, http.MethodPatch, one+dry, `{"spec":{"sessionId":"new"}}`, contentType(mergePatchType)).succeeds(200).object()
		Expect(merged.Object["spec"]).To(HaveKeyWithValue("sessionId", "new"))
		send(ctx, http.MethodPatch, one+"/status"+dry, setPhase("done"), contentType(mergePatchType)).succeeds(200)

		applied := `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"applied"},"spec":{"input":"?","target":{"type":"agent","name":"a"}}}`
		send(ctx, http.MethodPatch, path(namespace, "queries", "applied")+dry+"&fieldManager=a", applied, contentType(applyPatchType)).succeeds(201)

		Expect(send(ctx, http.MethodDelete, one+dry, "").succeeds(200).status().Status).To(Equal(metav1.StatusSuccess))
		send(ctx, http.MethodDelete, collection+dry, "").succeeds(200)

		list := listed(ctx, namespace, metav1.ListOptions{})
		Expect(names(list)).To(Equal([]string{"q"}))
		Expect(list.Items[0].ResourceVersion).To(Equal(start.ResourceVersion))
		deleted(ctx, namespace, "q")
		w.sees("DELETED q")
	})

	It("finds what is wrong", func(ctx context.Context) {
		created(ctx, namespace, query("q"))
		send(ctx, http.MethodPost, collection+"?dryRun=All", jsonOf(query("q"))).refuses(409, metav1.StatusReasonAlreadyExists, "already exists")
		send(ctx, http.MethodPatch, one+"?dryRun=All", `{"spec":{"type":"riddle"}}`, contentType(mergePatchType)).refuses(422, metav1.StatusReasonInvalid, "spec.type")
		send(ctx, http.MethodDelete, path(namespace, "queries", "none")+"?dryRun=All", "").refuses(404, metav1.StatusReasonNotFound, "not found")
		q := query("q")
		q.ResourceVersion = "1"
		send(ctx, http.MethodPut, one+"?dryRun=All", jsonOf(q)).refuses(409, metav1.StatusReasonConflict, "the object has been modified")
	})

	It("is All or nothing", func(ctx context.Context) {
		status := send(ctx, http.MethodPost, collection+"?dryRun=Some", jsonOf(query("q"))).refuses(422, metav1.StatusReasonInvalid, `Unsupported value: ["Some"]`)
		Expect(causes(status)).To(ConsistOf("dryRun FieldValueNotSupported"))
		get(ctx, one).refuses(404, metav1.StatusReasonNotFound, "")
	})
})
