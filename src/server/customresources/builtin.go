package customresources

import (
	"strings"
	"sync"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry"
)

const (
	group     = v1alpha1.GroupName
	groupPath = "/apis/" + group + "/"
)

var builtInResources = sync.OnceValue(func() map[string]bool {
	resources := map[string]bool{}
	for _, kind := range registry.Describe() {
		resources[kind.Plural] = true
	}
	return resources
})

// isBuiltIn reports whether a resource of the group is, in whichever versions. It may have a
// subresource.
func isBuiltIn(resource string) bool {
	plural, _, _ := strings.Cut(resource, "/")
	return builtInResources()[plural]
}

// hasBuiltIn reports whether anything is built in in a version of the group.
func hasBuiltIn(version string) bool {
	for _, built := range registry.GroupVersions() {
		if built.Version == version {
			return true
		}
	}
	return false
}
