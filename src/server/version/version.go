package version

import (
	"fmt"
	"runtime"
	"runtime/debug"

	apimachineryversion "k8s.io/apimachinery/pkg/version"
	"k8s.io/component-base/compatibility"
	"k8s.io/component-base/version"
)

// Version of the Ark API server, set by the linker:
//
//	-ldflags "-X ark.ai/apiserver/src/server/version.Version=v1.2.3"
var Version = "v0.0.0-dev"

// Kubernetes is the release that the server is built from and that its API follows, such as
// v1.37.2.
func Kubernetes() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "k8s.io/kubernetes" {
				return module.Version
			}
		}
	}
	// Builds without Go modules, as Bazel's, say nothing about them.
	return "v" + version.DefaultKubeBinaryVersion + ".0"
}

// String is the version with what it was built from and by, and for which machines.
func String() string {
	return fmt.Sprintf("%s (Kubernetes %s, %s, %s/%s)", Version, Kubernetes(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// WithServed makes /version tell the release of Kubernetes that clients and Helm charts look
// for, with our own version after the plus sign. Upstream's is set when Kubernetes itself is built.
func WithServed(effective compatibility.EffectiveVersion) compatibility.EffectiveVersion {
	return servedVersion{effective}
}

type servedVersion struct {
	compatibility.EffectiveVersion
}

func (v servedVersion) Info() *apimachineryversion.Info {
	info := v.EffectiveVersion.Info()
	info.GitVersion = Kubernetes() + "+ark." + trimV(Version)
	info.GitCommit = ""
	info.GitTreeState = ""
	info.BuildDate = ""
	return info
}

func trimV(version string) string {
	if len(version) > 0 && version[0] == 'v' {
		return version[1:]
	}
	return version
}
