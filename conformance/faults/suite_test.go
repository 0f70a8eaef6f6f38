package faults_test

import (
	"testing"

	"ark.ai/apiserver/conformance/framework"
)

func TestFaults(t *testing.T) { framework.RunSpecs(t, framework.Faults) }
