// Package framework is what the conformance suites have in common: the environment that they talk
// to, its clients, and a namespace for each spec.
//
// A suite is a package with one test:
//
//	func TestWebhooks(t *testing.T) { framework.RunSpecs(t, framework.Webhooks) }
//
// By itself, with go test, it starts an environment as -mode and -driver say: a standalone server
// on SQLite if they say nothing and the suite is not about another mode. If a spec fails, the logs
// of that stay. With -environment the suite uses one that runs, with -kubeconfig any cluster that
// serves the Ark API.
package framework

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/environment"
)

// Criterion is what a suite verifies. Its text is the heading in the report.
type Criterion string

// The six criteria, and what they rest on.
const (
	Kubectl     Criterion = "1. kubectl works"
	Controllers Criterion = "2. Controllers reconcile unchanged"
	Webhooks    Criterion = "3. Admission webhooks fire"
	RBAC        Criterion = "4. RBAC is enforced"
	Helm        Criterion = "5. Helm installs it"
	Standalone  Criterion = "6. Standalone runs without Kubernetes"
	Machinery   Criterion = "API machinery"
	Aggregated  Criterion = "Life behind kube-apiserver"
	Oracle      Criterion = "The same answers as CustomResourceDefinitions"
	Faults      Criterion = "Nothing is lost when things break"
	Upstream    Criterion = "Kubernetes itself stores as in etcd"
)

// Long is the label of specs that take a minute, or attack a server with more than a small machine
// has. tools/verify runs them, tools/test leaves them out.
var Long = ginkgo.Label("long")

// startTimeout is for an environment, with everything that has to be compiled first.
const startTimeout = 10 * time.Minute

// RunSpecs runs the specs of a suite: all of them, or those whose labels match.
func RunSpecs(t *testing.T, criterion Criterion, labels ...string) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	if *mode == "" {
		*mode = environment.Standalone
		switch criterion {
		case Aggregated:
			*mode = environment.Aggregated
		case Helm:
			*mode = environment.Kind
		case Upstream:
			*mode = environment.Kubernetes
		}
	}
	// Specs run in several processes with the ginkgo command: the first one starts the environment
	// for all.
	ginkgo.SynchronizedBeforeSuite(func(ctx context.Context) []byte {
		described, err := json.Marshal(findEnvironment(ctx))
		gomega.Expect(err).NotTo(gomega.HaveOccurred())
		return described
	}, func(described []byte) {
		Env = &environment.Environment{}
		gomega.Expect(json.Unmarshal(described, Env)).To(gomega.Succeed())
		connect()
	}, ginkgo.NodeTimeout(startTimeout))
	ginkgo.BeforeEach(skipOtherDatabases)
	ginkgo.ReportAfterSuite("logs of the environment", keepLogs)
	suite, reporter := ginkgo.GinkgoConfiguration()
	if len(labels) > 0 {
		suite.LabelFilter = strings.Join(labels, " && ")
	}
	ginkgo.RunSpecs(t, string(criterion), suite, reporter)
}
