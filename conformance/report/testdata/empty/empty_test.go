// Package empty_test is a suite that executes nothing.
package empty_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestEmpty(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "a criterion")
}

var _ = It("does nothing", func() { Skip("not today") })
