package kubectl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// collectTimeout is for the garbage collector and the namespace controller, which wait before they look again.
const collectTimeout = 60 * time.Second

func (k *kubectl) eventuallySays(t *testing.T, timeout time.Duration, want string, args ...string) {
	t.Helper()
	eventually(t, timeout, func() error {
		if got := strings.TrimSpace(k.ok(t, args...)); got != want {
			return fmt.Errorf("kubectl %s prints %q, not %q", strings.Join(args, " "), got, want)
		}
		return nil
	})
}

func TestDelete(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		create := write.given(query("one", "a") + "---" + query("two", "a") + "---" + query("three", "b") + "---" + agent("poet", "Rhyme."))
		create.ok(t, "create", "-f", "-")
		write.ok(t, "label", "query", "one", "two", "round=1")
		const names = "jsonpath={.items[*].metadata.name}"

		shows(t, write.ok(t, "delete", "queries", "-l", "round=1"), `query.ark.ai "one" deleted`, `query.ark.ai "two" deleted`)
		read.says(t, "three", "get", "queries", "-o", names)
		shows(t, write.refused(t, "delete", "query", "one"), "Error from server (NotFound)", `queries.ark.ai "one" not found`)
		write.says(t, "", "delete", "query", "one", "--ignore-not-found")

		create.run(t, "create", "-f", "-")
		write.ok(t, "delete", "queries", "--field-selector", "spec.sessionId=b")
		read.says(t, "one two", "get", "queries", "-o", names)

		write.ok(t, "delete", "queries", "--all")
		read.says(t, "", "get", "queries", "-o", names)
		read.says(t, "poet", "get", "agents", "-o", names)

		create.run(t, "create", "-f", "-")
		write.ok(t, "delete", "ark", "--all")
		read.says(t, "", "get", "ark", "-o", "name")

		create.ok(t, "create", "-f", "-")
		collection := "/apis/ark.ai/v1alpha1/namespaces/" + write.namespace + "/queries"
		write.ok(t, "delete", "--raw", collection+"?labelSelector=round%3D1")
		read.says(t, "one three two", "get", "queries", "-o", names)
		write.ok(t, "delete", "--raw", collection+"?fieldSelector=spec.sessionId%3Da")
		read.says(t, "three", "get", "queries", "-o", names)
	})
}

func TestFinalizersHoldADeletion(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		write.ok(t, "patch", "agent", "poet", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)
		deletion := write.start(t, "delete", "agent", "poet", "--timeout=30s")
		eventually(t, watchTimeout, func() error {
			if got := read.ok(t, "get", "agent", "poet", "-o", "jsonpath={.metadata.deletionTimestamp}"); got == "" {
				return fmt.Errorf("the agent is not being deleted")
			}
			return nil
		})
		shows(t, write.given(agent("poet", "Rhyme.")).refused(t, "create", "-f", "-"), "AlreadyExists", "object is being deleted")
		shows(t, write.refused(t, "patch", "agent", "poet", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold","example.com/more"]}}`),
			"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted")
		// Deleting it once more changes nothing.
		before := read.ok(t, "get", "agent", "poet", "-o", "jsonpath={.metadata.resourceVersion}")
		write.ok(t, "delete", "agent", "poet", "--wait=false")
		read.says(t, before, "get", "agent", "poet", "-o", "jsonpath={.metadata.resourceVersion}")

		write.ok(t, "patch", "agent", "poet", "--type=json", "-p", `[{"op":"remove","path":"/metadata/finalizers"}]`)
		if status := deletion.ends(t, watchTimeout); status != 0 {
			t.Errorf("kubectl delete ends with %d: %s", status, deletion.stderr.String())
		}
		shows(t, read.refused(t, "get", "agent", "poet"), "NotFound")
	})
}

func TestDeleteAnOwner(t *testing.T) {
	for _, test := range []struct {
		cascade string
		stays   bool
	}{{"background", false}, {"foreground", false}, {"orphan", true}} {
		t.Run(test.cascade, func(t *testing.T) {
			onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
				write.ownedQuery(t)
				write.ok(t, "delete", "agent", "owner", "--cascade="+test.cascade)
				shows(t, read.refused(t, "get", "agent", "owner"), "NotFound")
				if !test.stays {
					read.eventuallySays(t, collectTimeout, "", "get", "queries", "-o", "name")
					return
				}
				read.says(t, "", "get", "query", "owned", "-o", "jsonpath={.metadata.ownerReferences}")
			})
		})
	}
}

func TestForegroundDeletionWaitsForDependents(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ownedQuery(t)
		write.ok(t, "patch", "query", "owned", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)
		write.ok(t, "delete", "agent", "owner", "--cascade=foreground", "--wait=false")
		eventually(t, collectTimeout, func() error {
			if got := read.ok(t, "get", "query", "owned", "-o", "jsonpath={.metadata.deletionTimestamp}"); got == "" {
				return fmt.Errorf("the query is not being deleted")
			}
			return nil
		})
		read.says(t, `["foregroundDeletion"]`, "get", "agent", "owner", "-o", "jsonpath={.metadata.finalizers}")
		write.ok(t, "patch", "query", "owned", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		read.eventuallySays(t, collectTimeout, "", "get", "ark", "-o", "name")
	})
}

// ownedQuery makes an agent "owner", and a query "owned" that belongs to it.
func (k *kubectl) ownedQuery(t *testing.T) {
	t.Helper()
	k.given(agent("owner", "Own.")).ok(t, "create", "-f", "-")
	uid := k.ok(t, "get", "agent", "owner", "-o", "jsonpath={.metadata.uid}")
	owned := strings.Replace(query("owned", "a"), "  name: owned", `  name: owned
  ownerReferences:
    - apiVersion: ark.ai/v1alpha1
      kind: Agent
      name: owner
      uid: `+uid+`
      blockOwnerDeletion: true`, 1)
	k.given(owned).ok(t, "create", "-f", "-")
}

func TestDeleteANamespace(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", samples)
		write.ok(t, "create", "configmap", "settings", "--from-literal=a=b")
		write.ok(t, "patch", "agent", "adviser", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)
		deletion := write.start(t, "delete", "namespace", write.namespace, "--timeout=60s")
		read.eventuallySays(t, watchTimeout, "Terminating", "get", "namespace", read.namespace, "-o", "jsonpath={.status.phase}")
		shows(t, write.given(agent("late", "Hurry.")).refused(t, "create", "-f", "-"),
			"Error from server (Forbidden)", "because it is being terminated")
		// All but what is held.
		read.eventuallySays(t, collectTimeout, "agent.ark.ai/adviser", "get", "ark,configmaps", "-o", "name")
		read.eventuallySays(t, collectTimeout, "True", "get", "namespace", read.namespace,
			"-o", `jsonpath={.status.conditions[?(@.type=="NamespaceFinalizersRemaining")].status}`)
		write.ok(t, "patch", "agent", "adviser", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		if status := deletion.ends(t, collectTimeout); status != 0 {
			t.Errorf("kubectl delete ends with %d: %s", status, deletion.stderr.String())
		}
		shows(t, read.refused(t, "get", "namespace", read.namespace), "NotFound")
		read.says(t, "", "get", "ark,configmaps,secrets,serviceaccounts", "-o", "name")
		shows(t, write.given(agent("late", "Hurry.")).refused(t, "create", "-f", "-"), `namespaces "`+write.namespace+`" not found`)
	})
}
