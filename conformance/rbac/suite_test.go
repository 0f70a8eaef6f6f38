package rbac_test

import (
	"testing"

	"ark.ai/apiserver/conformance/framework"
)

func TestRBAC(t *testing.T) { framework.RunSpecs(t, framework.RBAC) }
