// Package machinery_test verifies the behaviour that every Kubernetes API has, whatever the kind:
// watches, lists, selectors, deletion, patches, negotiation, discovery. What is expected is what
// Kubernetes does with custom resources.
package machinery_test

import (
	"testing"

	"ark.ai/apiserver/conformance/framework"
)

func TestMachinery(t *testing.T) { framework.RunSpecs(t, framework.Machinery) }
