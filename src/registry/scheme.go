package registry

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// AddToScheme registers all a server needs of group ark.ai: the types as external and internal version,
// their defaults, declarative validation and selectable fields. A scheme may serve other groups too.
func AddToScheme(scheme *runtime.Scheme) error {
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return err
	}
	if err := v1alpha1.AddInternalToScheme(scheme); err != nil {
		return err
	}
	for _, r := range resources {
		if err := v1alpha1.AddSelectableFields(scheme, r.kind, r.selectableFields()...); err != nil {
			return err
		}
	}
	return scheme.SetVersionPriority(v1alpha1.SchemeGroupVersion)
}

// NewScheme returns a scheme for a server that serves group ark.ai and nothing else.
func NewScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	if err := AddToScheme(scheme); err != nil {
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
