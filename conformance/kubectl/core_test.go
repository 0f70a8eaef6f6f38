package kubectl_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestSecretsAndConfigMaps(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "create", "secret", "generic", "openai", "--from-literal=apiKey=s3cret")
		read.says(t, "s3cret", "get", "secret", "openai", "-o", `go-template={{.data.apiKey | base64decode}}`)
		write.ok(t, "create", "configmap", "settings", "--from-literal=colour=red", "--from-file=agent.yaml="+sample("agent"))
		read.says(t, "red", "get", "configmap", "settings", "-o", "jsonpath={.data.colour}")
		shows(t, read.ok(t, "describe", "configmap", "settings"), "agent.yaml:", "colour:", "name: forecaster")
		if got := read.ok(t, "describe", "secret", "openai"); strings.Contains(got, "s3cret") || !strings.Contains(got, "apiKey:  6 bytes") {
			t.Errorf("the secret is described as\n%s", got)
		}
		write.ok(t, "patch", "configmap", "settings", "-p", `{"immutable":true}`)
		shows(t, write.refused(t, "patch", "configmap", "settings", "-p", `{"data":{"colour":"blue"}}`), "field is immutable when `immutable` is set")
		read.eventuallySays(t, watchTimeout, "serviceaccount/default", "get", "serviceaccounts", "-o", "name")
		shows(t, read.ok(t, "get", "configmap", "kube-root-ca.crt", "-o", "yaml"), "BEGIN CERTIFICATE")
	})
}

func TestQuota(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "create", "quota", "small", "--hard=count/agents.ark.ai=1")
		read.eventuallySays(t, collectTimeout, `{"count/agents.ark.ai":"0"}`, "get", "quota", "small", "-o", "jsonpath={.status.used}")
		write.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		shows(t, read.given(agent("other", "Rhyme.")).refused(t, "create", "-f", "-"), "Error from server (Forbidden)",
			"exceeded quota: small, requested: count/agents.ark.ai=1, used: count/agents.ark.ai=1, limited: count/agents.ark.ai=1")
		write.ok(t, "delete", "agent", "poet")
		read.eventuallySays(t, collectTimeout, `{"count/agents.ark.ai":"0"}`, "get", "quota", "small", "-o", "jsonpath={.status.used}")
	})
}

func TestEventsOfAnAgent(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		uid := write.ok(t, "get", "agent", "poet", "-o", "jsonpath={.metadata.uid}")
		write.given(fmt.Sprintf(`
apiVersion: v1
kind: Event
metadata:
  name: poet.1
involvedObject:
  apiVersion: ark.ai/v1alpha1
  kind: Agent
  name: poet
  namespace: %s
  uid: %s
type: Warning
reason: NoRhyme
message: Nothing rhymes with orange.
source:
  component: ark-controller
firstTimestamp: "2026-01-02T03:04:05Z"
lastTimestamp: "2026-01-02T03:04:05Z"
count: 1
`, write.namespace, uid)).ok(t, "create", "-f", "-")
		shows(t, read.ok(t, "get", "events"), "Warning", "NoRhyme", "agent/poet", "Nothing rhymes with orange.")
		shows(t, read.ok(t, "events", "--for", "agent/poet"), "NoRhyme")
		shows(t, read.ok(t, "get", "events", "--field-selector", "involvedObject.name=poet,type=Warning"), "NoRhyme")
		read.says(t, "", "get", "events", "--field-selector", "involvedObject.name=other", "-o", "name")
		shows(t, read.ok(t, "get", "events.events.k8s.io", "poet.1", "-o", "yaml"), "note: Nothing rhymes with orange.")
		shows(t, read.ok(t, "describe", "agent", "poet"), "Events:", "NoRhyme", "Nothing rhymes with orange.")
	})
}

func TestDescribe(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		write.ok(t, "apply", "-f", samples)
		write.ok(t, "patch", "agent", "forecaster", "--subresource=status", "--type=merge", "-p", available)
		got := strings.Join(rows(read.ok(t, "describe", "agent", "forecaster")), "\n")
		shows(t, got, "Name: forecaster", "Namespace: "+read.namespace, "API Version: ark.ai/v1alpha1", "Kind: Agent",
			"Model Ref:\nName: default", "Prompt: You are a meteorologist.", "Conditions:", "Message: It answers.", "Type: Available", "Events: <none>")
		if got := read.ok(t, "describe", "queries", "-l", "trip=lisbon"); strings.Count(got, "Session Id:  lisbon-trip") != 2 {
			t.Errorf("not two queries:\n%s", got)
		}
		for _, resource := range strings.Fields(read.ok(t, "api-resources", "--api-group=ark.ai", "-o", "name")) {
			shows(t, read.ok(t, "describe", resource), "API Version:  ark.ai/v1alpha1")
		}
		shows(t, read.ok(t, "describe", "namespace", read.namespace), "Status:       Active")
	})
}
