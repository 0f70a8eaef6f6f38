package kubectl_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// repository is the root of this module.
var repository = filepath.Join("..", "..")

// samples has a manifest of every kind.
var samples = filepath.Join(repository, "docs", "samples")

func sample(kind string) string { return filepath.Join(samples, kind+".yaml") }

// manifests are those in the sample of a kind.
func manifests(kind string) string {
	GinkgoHelper()
	content, err := os.ReadFile(sample(kind))
	Expect(err).NotTo(HaveOccurred())
	return string(content)
}

func agent(name, prompt string) string {
	return fmt.Sprintf(`
apiVersion: ark.ai/v1alpha1
kind: Agent
metadata:
  name: %s
spec:
  modelRef:
    name: default
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

func labelled(manifest, labels string) string {
	return strings.Replace(manifest, "metadata:\n", "metadata:\n  labels: {"+labels+"}\n", 1)
}

type fields = map[string]any

// status is a patch with fields of a status, and conditions that are met.
func status(fields fields, met ...string) string {
	GinkgoHelper()
	fields = maps.Clone(fields)
	var conditions []map[string]string
	for _, condition := range met {
		conditions = append(conditions, map[string]string{
			"type": condition, "status": "True", "reason": "Ready", "message": "It answers.", "lastTransitionTime": "2026-01-02T03:04:05Z",
		})
	}
	if conditions != nil {
		fields["conditions"] = conditions
	}
	patch, err := json.Marshal(map[string]any{"status": fields})
	Expect(err).NotTo(HaveOccurred())
	return string(patch)
}

// setStatus is the patch that a controller sends.
func setStatus(resource, name, status string) []string {
	return []string{"patch", resource, name, "--subresource=status", "--type=merge", "--patch", status}
}

// setPhase is how a query gets on.
func setPhase(name, phase string) []string {
	return setStatus("query", name, status(fields{"phase": phase}))
}

// setAvailable is how an agent gets available.
func setAvailable(name string) []string {
	return setStatus("agent", name, status(fields{}, "Available"))
}
