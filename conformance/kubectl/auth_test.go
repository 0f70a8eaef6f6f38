package kubectl_test

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// createAccount makes a service account, and returns a user at read's server who has nothing but
// its token.
func createAccount(write, read kubectl, name string) (user kubectl, username string) {
	GinkgoHelper()
	write.ok("create", "serviceaccount", name)
	token := strings.TrimSpace(write.ok("create", "token", name, "--duration=1h"))
	return read.as(token), "system:serviceaccount:" + read.namespace + ":" + name
}

// forbidden is what a user is told who may not do something.
func forbidden(user kubectl, username, verb, resource string) types.GomegaMatcher {
	return show("Error from server (Forbidden)",
		fmt.Sprintf("User %q cannot %s resource %q in API group %q in the namespace %q", username, verb, resource, "ark.ai", user.namespace))
}

var _ = Describe("A service account", func() {
	// prepare makes an account that may read agents, of which there is one, poet.
	prepare := func(ctx context.Context) (read, reader kubectl, username string) {
		GinkgoHelper()
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme."))
		reader, username = createAccount(write, read, "reader")
		write.ok("create", "role", "agent-reader", "--verb=get,list,watch", "--resource=agents.ark.ai")
		write.ok("create", "rolebinding", "reader", "--role=agent-reader", "--serviceaccount="+write.namespace+":reader")
		reader.eventuallySays("agent.ark.ai/poet", "get", "agents", "-o", "name")
		return read, reader, username
	}

	It("may do nothing at first", func(ctx context.Context) {
		write, read := administrators(ctx)
		reader, username := createAccount(write, read, "reader")
		Expect(reader.refused("get", "agents")).To(forbidden(reader, username, "list", "agents"))
		Expect(reader.ok("auth", "whoami")).To(show(username, "system:serviceaccounts:"+read.namespace))
	})

	It("may do what a role allows, and nothing else", func(ctx context.Context) {
		_, reader, username := prepare(ctx)
		Expect(reader.refused("get", "queries")).To(forbidden(reader, username, "list", "queries"))
		Expect(reader.given(agent("other", "x")).refused("create", "-f", "-")).To(forbidden(reader, username, "create", "agents"))
		Expect(reader.refused("delete", "agent", "poet")).To(forbidden(reader, username, "delete", "agents"))
		Expect(reader.refused("patch", "agent", "poet", "--subresource=status", "--type=merge", "-p", "{}")).To(show("Error from server (Forbidden)", "agents/status"))
		Expect(reader.refused("get", "agents", "--all-namespaces")).To(show("Error from server (Forbidden)", "at the cluster scope"))
	})

	It("is told by kubectl auth can-i what it may do", func(ctx context.Context) {
		_, reader, _ := prepare(ctx)
		reader.says("yes", "auth", "can-i", "watch", "agents")
		reader.says("yes", "auth", "can-i", "get", "agents/poet")
		Expect(reader.run("auth", "can-i", "delete", "agents")).To(Equal(result{stdout: "no\n", status: 1}))
		Expect(reader.run("auth", "can-i", "get", "agents", "--subresource=status")).To(Equal(result{stdout: "no\n", status: 1}))
		Expect(reader.run("auth", "can-i", "list", "agents", "--all-namespaces").stdout).To(Equal("no\n"))
		Expect(rows(reader.ok("auth", "can-i", "--list"))).To(ContainElement("agents.ark.ai [] [] [get list watch]"))
	})

	It("can be tried out by an administrator (--as), but not the other way round", func(ctx context.Context) {
		read, reader, username := prepare(ctx)
		read.says("agent.ark.ai/poet", "get", "agents", "-o", "name", "--as", username)
		Expect(read.refused("get", "queries", "--as", username)).To(forbidden(reader, username, "list", "queries"))
		read.says("yes", "auth", "can-i", "list", "agents", "--as", username)
		Expect(read.run("auth", "can-i", "list", "queries", "--as", username).stdout).To(Equal("no\n"))
		Expect(read.ok("auth", "whoami", "--as", username, "-o", "yaml")).To(show("username: " + username))
		Expect(reader.refused("get", "agents", "--as", "admin")).To(show("Error from server (Forbidden)", "impersonate"))
	})

	It("is nobody any more once it is deleted, whatever its token says", func(ctx context.Context) {
		write, read := administrators(ctx)
		robot, _ := createAccount(write, read, "robot")
		Expect(robot.refused("get", "agents")).To(show("Forbidden"))
		write.ok("delete", "serviceaccount", "robot")
		// A server remembers for some seconds that a token is good.
		Eventually(ctx, func() string { return robot.refused("get", "agents") }).Should(show("Unauthorized"))
	})
})

var _ = Describe("An administrator", func() {
	It("may do everything", func(ctx context.Context) {
		_, read := administrators(ctx)
		read.says("yes", "auth", "can-i", "*", "*", "--all-namespaces")
		read.says("yes", "auth", "can-i", "update", "queries/ask", "--subresource=status")
		// Of the second group, and not of the first, with kubeadm.
		Expect(read.ok("auth", "whoami", "-o", "jsonpath={.status.userInfo.groups}")).To(And(
			Or(show("system:masters"), show("kubeadm:cluster-admins")), show("system:authenticated")))
	})
})

var _ = Describe("A stranger", func() {
	It("with a wrong token is refused", func(ctx context.Context) {
		_, read := administrators(ctx)
		stranger := read.as("wrong")
		Expect(stranger.refused("get", "agents")).To(show("error: You must be logged in to the server"))
		Expect(stranger.refused("get", "--raw", "/apis/ark.ai/v1alpha1/agents")).To(show("error: You must be logged in to the server (Unauthorized)"))
	})
})

var _ = Describe("The cluster roles view and edit", func() {
	It("include the Ark kinds", beyondCustomResources, func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("apply", "-f", samples)
		for _, role := range []string{"view", "edit"} {
			write.ok("create", "rolebinding", role, "--clusterrole="+role, "--user="+role)
			Eventually(ctx, func() int { return read.run("get", "ark", "--as", role).status }).Should(BeZero())
		}
		Expect(read.refused("delete", "query", "packing-list", "--as", "view")).To(show("Error from server (Forbidden)"))
		read.ok("delete", "query", "packing-list", "--as", "edit")
		Expect(read.run("auth", "can-i", "get", "secrets", "--as", "view").stdout).To(Equal("no\n"))
	})
})
