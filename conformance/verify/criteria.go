package main

import (
	"slices"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/conformance/report"
)

// criteria are the rows of the report: all that has to be verified, and where.
var criteria = []report.Requirement{
	{Criterion: string(framework.Kubectl), Suite: "kubectl", Modes: withKinds},
	{Criterion: string(framework.Controllers), Suite: "controllers", Modes: withKinds},
	{Criterion: string(framework.Webhooks), Suite: "webhooks", Modes: served},
	{Criterion: string(framework.RBAC), Suite: "rbac", Modes: served},
	{Criterion: string(framework.Helm), Suite: "helm", Folder: "e2e/helm", Modes: withNodes, Last: true},
	{Criterion: string(framework.Standalone), Suite: "standalone", Modes: []string{environment.Standalone}},
	{Criterion: string(framework.Machinery), Suite: "machinery", Modes: served},
	{Criterion: string(framework.Oracle), Suite: "oracle", Modes: served},
	{Criterion: string(framework.Aggregated), Suite: "aggregated", Modes: []string{environment.Aggregated}},
	{Criterion: string(framework.Faults), Suite: "faults", Modes: []string{environment.Standalone}},
	{Criterion: string(framework.Upstream), Suite: "upstream", Modes: []string{environment.Kubernetes}},
}

var (
	// withoutContainers are the modes that are verified unless others are asked for.
	withoutContainers = []string{environment.Standalone, environment.Aggregated}
	// withNodes are those with a release of the Helm chart in pods.
	withNodes = []string{environment.Kind, environment.Cluster}
	// served are the modes with a server of ours. CustomResourceDefinitions are only there to
	// compare with.
	served = slices.Concat(withoutContainers, withNodes)
	// withKinds are those with the Ark kinds, whoever serves them.
	withKinds = append(slices.Clone(served), environment.CRD)
)
