package registry

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// group is what a server serves: kinds, in versions.
type group struct {
	versions  []groupVersion
	resources []resource
}

// ark is group ark.ai.
var ark = group{versions: versions, resources: resources}

// internalVersion is the version of a kind that handlers and storage work on. Its Go types are
// those of the version that is stored, so nothing is converted but what clients send and get in
// another version.
var internalVersion = schema.GroupVersion{Group: v1alpha1.GroupName, Version: runtime.APIVersionInternal}

// AddToScheme registers all a server needs of group ark.ai: the types as external and internal
// version, their defaults, conversions, declarative validation and selectable fields. A scheme may
// serve other groups too.
func AddToScheme(scheme *runtime.Scheme) error { return ark.addToScheme(scheme) }

// AddVersionsToScheme registers the types of all versions as clients know them: OpenAPI does not
// show the internal one.
func AddVersionsToScheme(scheme *runtime.Scheme) error { return ark.addVersionsToScheme(scheme) }

// NewScheme returns a scheme for a server that serves group ark.ai and nothing else.
func NewScheme() (*runtime.Scheme, error) { return ark.newScheme() }

func (g group) addToScheme(scheme *runtime.Scheme) error {
	if err := g.addVersionsToScheme(scheme); err != nil {
		return err
	}
	for _, r := range g.resources {
		scheme.AddKnownTypes(internalVersion, r.newObject(), r.newList())
		for _, v := range r.versions {
			if err := v.addSelectors(scheme, r); err != nil {
				return err
			}
		}
	}
	return scheme.SetVersionPriority(g.groupVersions()...)
}

func (g group) addVersionsToScheme(scheme *runtime.Scheme) error {
	for _, v := range g.versions {
		if err := v.addToScheme(scheme); err != nil {
			return err
		}
	}
	return nil
}

func (g group) groupVersions() []schema.GroupVersion {
	versions := make([]schema.GroupVersion, len(g.versions))
	for i, v := range g.versions {
		versions[i] = v.GroupVersion
	}
	return versions
}

func (g group) newScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	if err := g.addToScheme(scheme); err != nil {
		return nil, err
	}
	// Every server answers with objects of the group-less version v1: Status and discovery.
	unversioned := schema.GroupVersion{Version: "v1"}
	metav1.AddToGroupVersion(scheme, unversioned)
	scheme.AddUnversionedTypes(unversioned,
		&metav1.Status{},
		&metav1.APIVersions{},
		&metav1.APIGroupList{},
		&metav1.APIGroup{},
		&metav1.APIResourceList{},
	)
	return scheme, nil
}
