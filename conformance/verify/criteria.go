package main

import (
	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/conformance/report"
)

// criteria are the rows of the report: all that has to be verified, and where.
var criteria = []report.Goal{
	{Criterion: string(framework.Kubectl), Suite: "kubectl"},
	{Criterion: string(framework.Controllers), Suite: "controllers"},
	{Criterion: string(framework.Webhooks), Suite: "webhooks", Modes: served},
	{Criterion: string(framework.RBAC), Suite: "rbac", Modes: served},
	{Criterion: string(framework.Helm), Suite: "helm", Modes: []string{environment.Aggregated}, LeftOut: "comes with the Helm chart"},
	{Criterion: string(framework.Standalone), Suite: "standalone", Modes: []string{environment.Standalone}},
	{Criterion: string(framework.Machinery), Suite: "machinery", Modes: served},
	{Criterion: string(framework.Oracle), Suite: "oracle", Modes: served},
	{Criterion: string(framework.Aggregated), Suite: "aggregated", Modes: []string{environment.Aggregated}},
}

// served are the modes that are verified. CustomResourceDefinitions are only there to compare with.
var served = []string{environment.Standalone, environment.Aggregated}
