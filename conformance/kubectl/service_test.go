package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// memoryService is as charts have it.
const memoryService = `
apiVersion: v1
kind: Service
metadata:
  name: memory
  labels: {app: memory}
spec:
  selector: {app: memory}
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: metrics, port: 9090}
`

const memoryEndpoints = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: memory-1
  labels: {kubernetes.io/service-name: memory}
addressType: IPv4
endpoints:
  - addresses: [192.0.2.7]
ports:
  - {name: http, port: 8080}
`

var _ = Describe("A service", func() {
	const ports = `jsonpath={range .spec.ports[*]}{.name}:{.port} {end}`

	It("is made by kubectl create, of every type", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("create", "service", "clusterip", "plain", "--tcp=80:8080")
		write.ok("create", "service", "clusterip", "headless", "--clusterip=None", "--tcp=80")
		write.ok("create", "service", "nodeport", "on-nodes", "--tcp=80")
		write.ok("create", "service", "loadbalancer", "balanced", "--tcp=80")
		write.ok("create", "service", "externalname", "elsewhere", "--external-name=memory.example.org")
		const address, port = `\d+\.\d+\.\d+\.\d+`, `80:3\d{4}/TCP`
		Expect(rows(read.ok("get", "svc", "--sort-by=.metadata.name"))).To(HaveExactElements(
			Equal("NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE"),
			MatchRegexp("^balanced LoadBalancer "+address+" <pending> "+port),
			HavePrefix("elsewhere ExternalName <none> memory.example.org <none> "),
			HavePrefix("headless ClusterIP None <none> 80/TCP "),
			MatchRegexp("^on-nodes NodePort "+address+" <none> "+port),
			MatchRegexp("^plain ClusterIP "+address+" <none> 80/TCP "),
		))
		read.ok("wait", "--for=jsonpath={.spec.clusterIP}", "service/plain", "--timeout=10s")
		Expect(read.ok("get", "all", "-o", "name")).To(show("service/plain", "service/elsewhere"))
	})

	It("is applied, and can be applied again, changed, and applied from the server's side", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(memoryService).says("service/memory created", "apply", "-f", "-")
		write.given(memoryService).says("service/memory unchanged", "apply", "-f", "-")
		read.says("http:80 metrics:9090", "get", "service", "memory", "-o", ports)
		address := read.ok("get", "service", "memory", "-o", "jsonpath={.spec.clusterIP}")
		write.ok("patch", "service", "memory", "-p", `{"spec":{"ports":[{"port":9090,"name":"telemetry"}]}}`)
		read.says("http:80 telemetry:9090", "get", "service", "memory", "-o", ports)
		write.given(memoryService).ok("apply", "--server-side", "--force-conflicts", "-f", "-")
		write.ok("patch", "service", "memory", "--type=merge", "-p", `{"spec":{"type":"NodePort"}}`)
		read.says(address, "get", "service", "memory", "-o", "jsonpath={.spec.clusterIP}")
		Expect(write.refused("patch", "service", "memory", "-p", `{"spec":{"clusterIP":"10.0.0.1"}}`)).To(show("may not change once set"))
		write.says(write.deleted(`service "memory"`), "delete", "service", "memory")
	})

	It("is watched, described and explained", func(ctx context.Context) {
		write, read := administrators(ctx)
		watching := read.watch("get", "services", "--watch", "--output-watch-events", "-o", "name")
		write.given(memoryService).ok("apply", "-f", "-")
		Eventually(ctx, func() string { return string(watching.Out.Contents()) }).Should(ContainSubstring("service/memory"))
		Expect(read.ok("describe", "service", "memory")).To(And(show("app=memory", "http  80/TCP", "metrics  9090/TCP")))
		Expect(read.ok("explain", "service.spec.clusterIP")).To(show("VERSION:    v1", "clusterIP is the IP address of the service"))
	})

	It("has the endpoints that are written for it", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(memoryService).ok("apply", "-f", "-")
		write.given(memoryEndpoints).ok("apply", "-f", "-")
		Expect(read.ok("get", "endpointslice", "memory-1")).To(haveAgedRows("NAME ADDRESSTYPE PORTS ENDPOINTS", "memory-1 IPv4 8080 192.0.2.7"))
	})

	It("is described with its endpoints", func(ctx context.Context) {
		since("1.31", "EndpointSlices in describe service")
		write, read := administrators(ctx)
		write.given(memoryService).ok("apply", "-f", "-")
		Expect(rows(read.ok("describe", "service", "memory"))).NotTo(ContainElement("Endpoints: 192.0.2.7:8080"))
		write.given(memoryEndpoints).ok("apply", "-f", "-")
		Expect(rows(read.ok("describe", "service", "memory"))).To(ContainElement("Endpoints: 192.0.2.7:8080"))
	})

	It("counts for quotas", func(ctx context.Context) {
		write, read := administrators(ctx)
		used := func(want string) {
			read.eventuallySays(want, "get", "quota", "few", "-o", "jsonpath={.status.used}")
		}
		write.ok("create", "quota", "few", "--hard=services=1,services.nodeports=0")
		used(`{"services":"0","services.nodeports":"0"}`)
		Expect(write.refused("create", "service", "nodeport", "on-nodes", "--tcp=80")).To(show("exceeded quota: few", "services.nodeports=1"))
		write.ok("create", "service", "clusterip", "plain", "--tcp=80")
		Expect(write.refused("create", "service", "clusterip", "other", "--tcp=80")).To(show("exceeded quota: few", "services=1"))
		write.ok("delete", "service", "plain")
		used(`{"services":"0","services.nodeports":"0"}`)
	})

	It("may be read by those with the role view, and written with the role edit", func(ctx context.Context) {
		write, read := administrators(ctx)
		for _, role := range []string{"view", "edit"} {
			write.ok("create", "serviceaccount", role)
			write.ok("create", "rolebinding", role, "--clusterrole="+role, "--serviceaccount="+write.namespace+":"+role)
		}
		viewer, editor := read.as(write.ok("create", "token", "view")), write.as(write.ok("create", "token", "edit"))
		editor.given(memoryService).ok("apply", "-f", "-")
		viewer.says("service/memory", "get", "services", "-o", "name")
		viewer.ok("get", "endpoints")
		Expect(viewer.refused("delete", "service", "memory")).To(show("Forbidden"))
		editor.ok("delete", "service", "memory")
	})
})
