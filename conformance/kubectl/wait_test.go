package kubectl_test

import (
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		created := read.start(t, "wait", "--for=create", "query/ask", "--timeout=20s")
		write.given(query("ask", "a")+"---"+agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		if status := created.ends(t, watchTimeout); status != 0 {
			t.Errorf("--for=create: exit status %d: %s", status, created.stderr.String())
		}
		shows(t, read.refused(t, "wait", "--for=jsonpath={.status.phase}=done", "query/ask", "--timeout=300ms"),
			"timed out waiting for the condition on queries/ask")

		done := read.start(t, "wait", "--for=jsonpath={.status.phase}=done", "query/ask", "--timeout=20s")
		condition := read.start(t, "wait", "--for=condition=Available", "agents", "--all", "--timeout=20s")
		gone := read.start(t, "wait", "--for=delete", "query/ask", "--timeout=20s")
		write.ok(t, setPhase("ask", "running")...)
		write.ok(t, setPhase("ask", "done")...)
		write.ok(t, "patch", "agent", "poet", "--subresource=status", "--type=merge", "-p", available)
		if status := done.ends(t, watchTimeout); status != 0 {
			t.Errorf("--for=jsonpath: exit status %d: %s", status, done.stderr.String())
		}
		if status := condition.ends(t, watchTimeout); status != 0 {
			t.Errorf("--for=condition: exit status %d: %s", status, condition.stderr.String())
		}
		shows(t, done.stdout.String(), "query.ark.ai/ask condition met")
		shows(t, condition.stdout.String(), "agent.ark.ai/poet condition met")

		select {
		case status := <-gone.done:
			t.Errorf("--for=delete ends before the object is deleted, with status %d: %s", status, gone.stderr.String())
		case <-time.After(pollInterval):
		}
		write.ok(t, "delete", "query", "ask")
		if status := gone.ends(t, watchTimeout); status != 0 {
			t.Errorf("--for=delete: exit status %d: %s", status, gone.stderr.String())
		}
	})
}
