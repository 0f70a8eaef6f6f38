package framework

import (
	"fmt"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/util/version"
)

// SinceKubernetes is for a spec about something that came with a version of Kubernetes, such as
// "1.36": it is skipped in earlier clusters.
func SinceKubernetes(since, what string) {
	ginkgo.GinkgoHelper()
	found, err := Client.Discovery().ServerVersion()
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	SkipBefore(since, what, "Kubernetes "+found.GitVersion, found.GitVersion)
}

// SkipBefore skips a spec about something that came later than with the version of a program.
func SkipBefore(since, what, program, found string) {
	ginkgo.GinkgoHelper()
	if !AtLeast(since, found) {
		ginkgo.Skip(fmt.Sprintf("%s lacks %s, which came with %s", program, what, since))
	}
}

// AtLeast reports whether the version that was found, such as v1.34.4, is the one that is wanted,
// such as "1.31", or a later one.
func AtLeast(wanted, found string) bool {
	ginkgo.GinkgoHelper()
	has, err := version.ParseGeneric(found)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return has.AtLeast(version.MustParseGeneric(wanted))
}
