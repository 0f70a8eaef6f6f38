package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("kubectl get --raw", func() {
	It("prints what a path has, with parameters too", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.ok("get", "--raw", "/apis/ark.ai")).To(show(`"kind":"APIGroup"`, `"preferredVersion":{"groupVersion":"ark.ai/v1alpha1","version":"v1alpha1"}`))
		Expect(read.ok("get", "--raw", "/livez?verbose")).To(show("[+]ping ok", "livez check passed"))
	})

	// kubectl adds nothing to these.
	DescribeTable("finds",
		func(ctx context.Context, path string, want types.GomegaMatcher) {
			text, err := framework.Client.RESTClient().Get().RequestURI(path).DoRaw(ctx)
			Expect(err).NotTo(HaveOccurred())
			Expect(string(text)).To(want)
		},
		EntryDescription("%[1]s"),
		Entry(nil, "/apis", show(`"kind":"APIGroupList"`, `"groupVersion":"ark.ai/v1alpha1"`)),
		Entry(nil, "/apis/ark.ai/v1alpha1", show(`"kind":"APIResourceList"`, `"name":"queries","singularName":"query","namespaced":true,"kind":"Query"`, `"name":"queries/status"`)),
		Entry(nil, "/openapi/v2", show(`"swagger":"2.0"`, "/apis/ark.ai/v1alpha1/namespaces/{namespace}/queries/{name}/status")),
		Entry(nil, "/openapi/v3", show(`"apis/ark.ai/v1alpha1":{"serverRelativeURL":"/openapi/v3/apis/ark.ai/v1alpha1?hash=`)),
		Entry(nil, "/openapi/v3/apis/ark.ai/v1alpha1", show(`"openapi":"3.0.0"`, "/apis/ark.ai/v1alpha1/namespaces/{namespace}/queries/{name}/status")),
		Entry(nil, "/version", show(`"gitVersion": "v1.`)),
		Entry(nil, "/readyz", Equal("ok")),
		Entry(nil, "/healthz", Equal("ok")),
		Entry(nil, "/metrics", show("apiserver_request_total{")),
	)

	It("fails for a version that is not served", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("get", "--raw", "/apis/ark.ai/v1/memories")).To(show("NotFound"))
	})

	It("prints the checks of each Ark API server", beyondCustomResources, func(ctx context.Context) {
		admin := administrator(ctx)
		if len(framework.Env.Servers) == 0 {
			Skip("nobody said where the Ark API servers are")
		}
		for _, server := range framework.Env.Servers {
			admin.server = at(server)
			Expect(admin.ok("get", "--raw", "/readyz?verbose")).To(show("[+]ping ok", "[+]database ok", "[+]shutdown ok", "readyz check passed"))
			Expect(admin.ok("get", "--raw", "/livez?verbose")).To(show("livez check passed"))
		}
	})
})

var _ = Describe("kubectl create, get, replace and delete --raw", func() {
	const notes = `{"apiVersion":"ark.ai/v1alpha1","kind":"Memory","metadata":{"name":"notes"},"spec":{"address":{"value":"http://notes"}}}`
	memories := func(k kubectl) string { return "/apis/ark.ai/v1alpha1/namespaces/" + k.namespace + "/memories" }

	It("send a manifest as it is, and print the answer", func(ctx context.Context) {
		write, read := administrators(ctx)
		created := write.given(notes).ok("create", "--raw", memories(write), "-f", "-")
		Expect(created).To(show(`"kind":"Memory"`, `"generation":1`))
		changed := strings.ReplaceAll(created, "http://notes", "http://moved")
		Expect(write.given(changed).ok("replace", "--raw", memories(write)+"/notes", "-f", "-")).To(show(`"kind":"Memory"`, `"generation":2`, "http://moved"))
		Expect(read.ok("get", "--raw", memories(read)+"/notes")).To(show(`"kind":"Memory"`, "http://moved"))
		Expect(write.ok("delete", "--raw", memories(write)+"/notes")).To(show(`"kind":"Status"`, `"status":"Success"`))
		Expect(read.refused("get", "--raw", memories(read)+"/notes")).To(show(`memories.ark.ai "notes" not found`))
	})

	It("replace the newest version if the manifest names none", beyondCustomResources, func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.finds(notes)
		changed := strings.ReplaceAll(notes, "http://notes", "http://moved")
		Expect(write.given(changed).ok("replace", "--raw", memories(write)+"/notes", "-f", "-")).To(show(`"generation":2`, "http://moved"))
	})
})
