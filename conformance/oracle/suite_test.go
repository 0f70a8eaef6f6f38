package oracle_test

import (
	"testing"

	"ark.ai/apiserver/conformance/framework"
)

func TestOracle(t *testing.T) { framework.RunSpecs(t, framework.Oracle) }
