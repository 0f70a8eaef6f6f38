package customresources

import (
	"slices"
	"sync"

	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/endpoints/discovery/aggregated"
)

// MergeDiscovery makes aggregated discovery name the custom resources of a version beside what is
// built in there. Of a version that several sources know, upstream's manager names what the first
// one says.
func MergeDiscovery(manager aggregated.ResourceManager) aggregated.ResourceManager {
	builtIn := manager.WithSource(aggregated.BuiltinSource)
	return &discovery{ResourceManager: builtIn, source: aggregated.BuiltinSource, versions: &versions{
		manager: builtIn,
		builtIn: map[string]apidiscoveryv2.APIVersionDiscovery{},
		custom:  map[string][]apidiscoveryv2.APIResourceDiscovery{},
	}}
}

// discovery is what one source knows of.
type discovery struct {
	aggregated.ResourceManager
	source   aggregated.Source
	versions *versions
}

// WithSource implements aggregated.ResourceManager.
func (d *discovery) WithSource(source aggregated.Source) aggregated.ResourceManager {
	return &discovery{ResourceManager: d.ResourceManager.WithSource(source), source: source, versions: d.versions}
}

// AddGroupVersion implements aggregated.ResourceManager.
func (d *discovery) AddGroupVersion(name string, version apidiscoveryv2.APIVersionDiscovery) {
	switch {
	case name == group && d.source == aggregated.BuiltinSource:
		d.versions.setBuiltIn(version)
	case name == group && d.source == aggregated.CRDSource:
		d.addCustom(version)
	default:
		d.ResourceManager.AddGroupVersion(name, version)
	}
}

func (d *discovery) addCustom(version apidiscoveryv2.APIVersionDiscovery) {
	version.Resources = slices.DeleteFunc(version.Resources, func(r apidiscoveryv2.APIResourceDiscovery) bool { return isBuiltIn(r.Resource) })
	switch {
	case hasBuiltIn(version.Version):
		d.versions.setCustom(version.Version, version.Resources)
	case len(version.Resources) == 0:
		d.ResourceManager.RemoveGroupVersion(metav1.GroupVersion{Group: group, Version: version.Version})
	default:
		d.ResourceManager.AddGroupVersion(group, version)
	}
}

// RemoveGroupVersion implements aggregated.ResourceManager.
func (d *discovery) RemoveGroupVersion(version metav1.GroupVersion) {
	if version.Group == group && d.source == aggregated.CRDSource && hasBuiltIn(version.Version) {
		d.versions.setCustom(version.Version, nil)
		return
	}
	d.ResourceManager.RemoveGroupVersion(version)
}

// RemoveGroup implements aggregated.ResourceManager.
func (d *discovery) RemoveGroup(name string) {
	if name == group && d.source == aggregated.CRDSource {
		d.versions.removeCustom()
	}
	d.ResourceManager.RemoveGroup(name)
}

// versions are those that have something built in.
type versions struct {
	mu      sync.Mutex
	manager aggregated.ResourceManager
	builtIn map[string]apidiscoveryv2.APIVersionDiscovery
	custom  map[string][]apidiscoveryv2.APIResourceDiscovery
}

func (v *versions) setBuiltIn(version apidiscoveryv2.APIVersionDiscovery) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.builtIn[version.Version] = version
	v.publish(version.Version)
}

func (v *versions) setCustom(version string, resources []apidiscoveryv2.APIResourceDiscovery) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.custom[version] = resources
	v.publish(version)
}

func (v *versions) removeCustom() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for version := range v.custom {
		delete(v.custom, version)
		v.publish(version)
	}
}

func (v *versions) publish(name string) {
	version := v.builtIn[name]
	version.Resources = slices.Concat(version.Resources, v.custom[name])
	v.manager.AddGroupVersion(group, version)
}
