package kubectl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// grantTimeout is for a grant to reach the server that decides.
const grantTimeout = 10 * time.Second

func TestServiceAccountThatReadsAgents(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		write.ok(t, "create", "serviceaccount", "reader")
		token := strings.TrimSpace(write.ok(t, "create", "token", "reader", "--duration=1h"))
		// The second server knows the first one's tokens.
		reader := read.as(t, token)
		account := "system:serviceaccount:" + read.namespace + ":reader"
		forbidden := func(verb, resource string) []string {
			return []string{"Error from server (Forbidden)", fmt.Sprintf("User %q cannot %s resource %q in API group %q in the namespace %q", account, verb, resource, "ark.ai", read.namespace)}
		}
		shows(t, reader.refused(t, "get", "agents"), forbidden("list", "agents")...)
		shows(t, reader.ok(t, "auth", "whoami"), account, "system:serviceaccounts:"+read.namespace)

		write.ok(t, "create", "role", "agent-reader", "--verb=get,list,watch", "--resource=agents.ark.ai")
		write.ok(t, "create", "rolebinding", "reader", "--role=agent-reader", "--serviceaccount="+write.namespace+":reader")
		eventually(t, grantTimeout, func() error {
			if got := reader.run(t, "get", "agents", "-o", "name"); got.stdout != "agent.ark.ai/poet\n" {
				return fmt.Errorf("the reader of agents can't read them: %+v", got)
			}
			return nil
		})
		shows(t, reader.refused(t, "get", "queries"), forbidden("list", "queries")...)
		shows(t, reader.given(agent("other", "x")).refused(t, "create", "-f", "-"), forbidden("create", "agents")...)
		shows(t, reader.refused(t, "delete", "agent", "poet"), forbidden("delete", "agents")...)
		shows(t, reader.refused(t, "patch", "agent", "poet", "--subresource=status", "-p", "{}"), "Error from server (Forbidden)", "agents/status")
		shows(t, reader.refused(t, "get", "agents", "--all-namespaces"), "Error from server (Forbidden)", "at the cluster scope")

		reader.says(t, "yes", "auth", "can-i", "watch", "agents")
		if got := reader.run(t, "auth", "can-i", "delete", "agents"); got.status != 1 || got.stdout != "no\n" {
			t.Errorf("can-i delete: %+v", got)
		}
		if got := rows(reader.ok(t, "auth", "can-i", "--list")); !strings.Contains(strings.Join(got, "\n"), "agents.ark.ai [] [] [get list watch]") {
			t.Errorf("can-i --list: %q", got)
		}
		read.says(t, "yes", "auth", "can-i", "*", "*", "--all-namespaces")

		// The administrator may see what the account sees; the account may not be somebody else.
		read.says(t, "agent.ark.ai/poet", "get", "agents", "-o", "name", "--as", account)
		shows(t, read.refused(t, "get", "queries", "--as", account), forbidden("list", "queries")...)
		shows(t, reader.refused(t, "get", "agents", "--as", "admin"), "Error from server (Forbidden)", "impersonate")
	})
}

func TestTokensThatAreNoGood(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		shows(t, read.as(t, "wrong").refused(t, "get", "agents"), "You must be logged in to the server (Unauthorized)")

		write.ok(t, "create", "serviceaccount", "robot")
		robot := read.as(t, strings.TrimSpace(write.ok(t, "create", "token", "robot")))
		shows(t, robot.refused(t, "get", "agents"), "Forbidden")
		write.ok(t, "delete", "serviceaccount", "robot")
		// A server remembers for ten seconds that a token is good.
		eventually(t, 30*time.Second, func() error {
			if got := robot.run(t, "get", "agents"); !strings.Contains(got.stderr, "Unauthorized") {
				return fmt.Errorf("the token outlives its account: %s", got.stderr)
			}
			return nil
		})
	})
}

func TestViewersAndEditors(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", samples)
		for _, role := range []string{"view", "edit"} {
			write.ok(t, "create", "rolebinding", role, "--clusterrole="+role, "--user="+role)
			eventually(t, grantTimeout, func() error {
				if got := read.run(t, "get", "ark", "--as", role); got.status != 0 {
					return fmt.Errorf("the role %s can't read: %s", role, got.stderr)
				}
				return nil
			})
		}
		shows(t, read.refused(t, "delete", "query", "packing-list", "--as", "view"), "Error from server (Forbidden)")
		read.ok(t, "delete", "query", "packing-list", "--as", "edit")
		if got := read.run(t, "auth", "can-i", "get", "secrets", "--as", "view"); got.stdout != "no\n" {
			t.Errorf("may a viewer read secrets? %s", got.stdout)
		}
	})
}
