package kubectl_test

import (
	"fmt"
	"path/filepath"
)

// samples has a manifest of every kind.
var samples = filepath.Join(repository, "docs", "samples")

func sample(kind string) string { return filepath.Join(samples, kind+".yaml") }

func agent(name, prompt string) string {
	return fmt.Sprintf(`
apiVersion: ark.ai/v1alpha1
kind: Agent
metadata:
  name: %s
spec:
  prompt: %s
`, name, prompt)
}

func query(name, session string) string {
	return fmt.Sprintf(`
apiVersion: ark.ai/v1alpha1
kind: Query
metadata:
  name: %s
spec:
  input: What is new?
  sessionId: %s
  target:
    type: agent
    name: reporter
`, name, session)
}

// setPhase is the patch that a controller sends when a query gets on.
func setPhase(name, phase string) []string {
	return []string{"patch", "query", name, "--subresource=status", "--type=merge", "--patch", `{"status":{"phase":"` + phase + `"}}`}
}

const available = `{"status":{"conditions":[{"type":"Available","status":"True","reason":"Ready","message":"It answers.","lastTransitionTime":"2026-01-02T03:04:05Z"}]}}`
