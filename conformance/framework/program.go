package framework

import (
	"fmt"
	"os"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// Program is the one that the environment runs, for suites that run it again.
func Program() string {
	ginkgo.GinkgoHelper()
	gomega.Expect(Env.Servers).NotTo(gomega.BeEmpty(), "the environment has no server whose program can be run again")
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", Env.Servers[0].PID))
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return path
}
