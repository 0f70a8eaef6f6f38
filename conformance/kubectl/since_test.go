package kubectl_test

import (
	"encoding/json"
	"os/exec"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/version"

	"ark.ai/apiserver/conformance/framework"
)

var findVersion = sync.OnceValues(func() (string, error) {
	program, err := findProgram()
	if err != nil {
		return "", err
	}
	output, err := exec.Command(program, "version", "--client", "-o", "json").Output()
	if err != nil {
		return "", err
	}
	var found struct{ ClientVersion version.Info }
	err = json.Unmarshal(output, &found)
	return found.ClientVersion.GitVersion, err
})

// programVersion is the version of kubectl, such as v1.34.4.
func programVersion() string {
	GinkgoHelper()
	found, err := findVersion()
	Expect(err).NotTo(HaveOccurred())
	return found
}

// since is for a spec about something that came with a version of kubectl, such as "1.31": it is
// skipped with earlier ones.
func since(version, what string) {
	GinkgoHelper()
	framework.SkipBefore(version, what, "kubectl "+programVersion(), programVersion())
}

// isSince is for what kubectl says in other words since a version.
func isSince(version string) bool {
	GinkgoHelper()
	return framework.AtLeast(version, programVersion())
}
